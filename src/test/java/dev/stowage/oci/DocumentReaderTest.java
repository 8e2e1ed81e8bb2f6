package dev.stowage.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentReaderTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String ENTRY =
            "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + DIGEST + "\",\"size\":7}";

    private final DocumentReader reader = new DocumentReader();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatNoNodeWouldTakeIsRefusedWithAReason(String name, String contentType, byte[] body, String reason) {
        assertThatThrownBy(() -> reader.document(body, contentType))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void documentsOfManyTinyValuesAreRefused(String name, String body, String reason) {
        assertThatThrownBy(() -> reader.document(body.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_INDEX))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> documentsOfManyTinyValuesAreRefused() {
        StringBuilder names = new StringBuilder("{");
        for (int i = 0; i < 150_000; i++) {
            names.append(i == 0 ? "" : ",").append('"').append(i).append("\":0");
        }
        names.append('}');
        return Stream.of(
                Arguments.of(
                        "objects", "{\"manifests\":[" + "{},".repeat(1_000_000) + "{}]}", "more than 200000 values"),
                Arguments.of("names in a field that is not needed", "{\"x\":" + names + "}", "more than 100000 fields"),
                Arguments.of(
                        "annotations",
                        "{\"manifests\":[{\"annotations\":" + names.toString().replace(":0", ":\"\"") + "}]}",
                        "more than 100000 fields"));
    }

    static Stream<Arguments> whatNoNodeWouldTakeIsRefusedWithAReason() {
        String index = MediaTypes.OCI_INDEX;
        return Stream.of(
                refused("truncated", index, "{\"manifests\":[" + ENTRY, "not valid JSON"),
                refused("trailing rubbish", index, "{\"manifests\":[]} {}", "not valid JSON"),
                refused("10,000 levels deep", index, "[".repeat(10_000), "not valid JSON"),
                refused("10,000 objects deep", index, "{\"a\":".repeat(10_000), "not valid JSON"),
                refused("size out of range", index, entry("\"size\":99999999999999999999"), "size is not a number"),
                refused("negative size", index, entry("\"size\":-1"), "size is not a number"),
                refused("fractional size", index, entry("\"size\":1.5"), "size is not a number"),
                Arguments.of("UTF-16", index, "{}".getBytes(StandardCharsets.UTF_16LE), "not valid JSON"),
                refused("empty", index, "", "empty"),
                refused("an array", index, "[]", "not a JSON object"),
                refused("a string", index, "\"x\"", "not a JSON object"),
                refused("null", index, "null", "not a JSON object"),
                refused(
                        "manifests is no array",
                        index,
                        "{\"manifests\":{}}",
                        "index.manifests must be a list, not an object"),
                refused(
                        "an entry is no object",
                        index,
                        "{\"manifests\":[1]}",
                        "index.manifests[0] must be an object, not a number"),
                refused(
                        "an entry without digest",
                        index,
                        "{\"manifests\":[{}]}",
                        "index.manifests[0].digest is not a valid digest"),
                refused("an md5 digest", index, entry("\"digest\":\"md5:00\""), "digest is not a valid digest"),
                refused(
                        "os is a number",
                        index,
                        entry("\"platform\":{\"os\":1}"),
                        "platform.os must be a string, not a number"),
                refused("features are numbers", index, entry("\"platform\":{\"os.features\":[1]}"), "os.features"),
                refused(
                        "annotation is a number",
                        index,
                        entry("\"annotations\":{\"a\":1}"),
                        "annotations.a must be a string, not a number"),
                refused("manifest without config", MediaTypes.OCI_MANIFEST, "{\"layers\":[]}", "no config"),
                refused("index as manifest", MediaTypes.OCI_MANIFEST, "{\"manifests\":[]}", "but is an index"),
                refused("manifest as index", index, "{\"config\":{}}", "but is a manifest"),
                refused(
                        "mediaType field contradicts",
                        index,
                        "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"manifests\":[]}",
                        "but is a manifest"),
                refused("no Content-Type", "", "{\"manifests\":[]}", "without a Content-Type"),
                refused("hostile Content-Type", "a\u001b[31mb", "{}", "a\\u001b[31mb"));
    }

    private static Arguments refused(String name, String contentType, String body, String reason) {
        return Arguments.of(name, contentType, body.getBytes(StandardCharsets.UTF_8), reason);
    }

    private static String entry(String field) {
        String digest = field.startsWith("\"digest\"") ? "" : ",\"digest\":\"" + DIGEST + "\"";
        return "{\"manifests\":[{" + field + digest + "}]}";
    }

    @Test
    void schema1IsReadForTheRuntimeThatConvertsIt() throws Exception {
        assertThat(reader.document("{\"fsLayers\":[]}".getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST))
                .isInstanceOf(Schema1.class);
        assertThat(reader.document("{}".getBytes(StandardCharsets.UTF_8), MediaTypes.DOCKER_SCHEMA1))
                .isInstanceOf(Schema1.class);
    }

    @Test
    void keysAreReadAsGoReadsThem() throws Exception {
        byte[] config = "{\"OS\":\"linux\",\"architecture\":\"arm64\",\"Architecture\":\"amd64\",\"author\":\"\u00e9\"}"
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(reader.config(config).platform()).isEqualTo(Platform.of("linux", "amd64"));
    }

    @Test
    void nullsAreAbsentAndUnknownFieldsPassedOver() throws InvalidDocumentException {
        String body = "{\"schemaVersion\":2,\"new\":[{\"deep\":{}}],\"manifests\":[{\"digest\":\"" + DIGEST
                + "\",\"platform\":null,\"annotations\":null,\"mediaType\":null,\"size\":null}]}";

        Index index = (Index) reader.document(body.getBytes(StandardCharsets.UTF_8), MediaTypes.DOCKER_LIST);

        assertThat(index.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.platform()).isEmpty();
            assertThat(entry.annotations()).isEmpty();
            assertThat(entry.mediaType()).isEmpty();
        });
    }

    @Test
    void wordsOfAllDocumentsAreHeldOnce() throws InvalidDocumentException {
        byte[] body = """
                {"manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "digest": "%s", "size": 1, "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
                  "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]}
                """.formatted(DIGEST).getBytes(StandardCharsets.UTF_8);
        Index one = (Index) reader.document(body, "application/vnd.oci.image.index.v1+json; charset=utf-8");
        Index other = (Index) reader.document(body, "Application/vnd.oci.image.index.v1+json");

        assertThat(other).isEqualTo(one);
        assertThat(words(other))
                .zipSatisfy(words(one), (word, same) -> assertThat(word).isSameAs(same));
    }

    private static List<String> words(Index index) {
        Descriptor entry = index.entries().get(0);
        Platform platform = entry.platform().orElseThrow();
        return List.of(
                index.mediaType(),
                entry.mediaType(),
                platform.os(),
                platform.architecture(),
                platform.variant(),
                entry.annotations().keySet().iterator().next(),
                entry.annotations().values().iterator().next());
    }

    @Test
    void anEmptyPlatformIsAPlatform() throws InvalidDocumentException {
        String body = "{\"manifests\":[{\"digest\":\"" + DIGEST + "\",\"platform\":{}}]}";

        Index index = (Index) reader.document(body.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_INDEX);

        assertThat(index.entries().get(0).platform()).contains(Platform.of("", ""));
    }

    @Test
    void aConfigIsReadForItsPlatformOnly() throws InvalidDocumentException {
        String body = "{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\",\"config\":{\"Env\":[\"A=b\"]},"
                + "\"os.version\":\"1\",\"os.features\":[\"f\"]}";

        assertThat(reader.config(body.getBytes(StandardCharsets.UTF_8)).platform())
                .isEqualTo(new Platform("linux", "arm", "v7", "1", List.of("f")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aConfigThatIsNoneIsRefused(String body, String reason) {
        assertThatThrownBy(() -> reader.config(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> aConfigThatIsNoneIsRefused() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of("<html>", "not valid JSON"),
                Arguments.of("[]", "not a JSON object"),
                Arguments.of("{\"architecture\":[]}", "config.architecture must be a string, not a list"));
    }
}
