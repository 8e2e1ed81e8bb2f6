package dev.stowage.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.attestation.Provenance.BaseImage;
import dev.stowage.attestation.Provenance.Mode;
import dev.stowage.image.Digest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {

    private static final Digest SUBJECT = Digest.of(new byte[] {1});
    private static final String COMMIT = "4b220de5058abfd01ff619c9d2ff6b09a049bea0";

    private final StatementReader reader = new StatementReader();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("BuildKit's provenance 0.2 with build steps: all of it but the values of arguments")
    void provenanceOfBuildKit() throws Exception {
        Statement statement = read(sample("provenance-0.2-max.json"));

        assertThat(statement.predicateType()).isEqualTo("https://slsa.dev/provenance/v0.2");
        assertThat(statement.subjects()).containsExactly(SUBJECT);
        assertThat(statement.predicate()).isInstanceOfSatisfying(Provenance.class, provenance -> {
            assertThat(provenance.version()).isEqualTo("0.2");
            assertThat(provenance.builder()).isEqualTo("https://github.com/acme/shop/actions/runs/3709599520");
            assertThat(provenance.source()).isEqualTo("https://github.com/acme/shop");
            assertThat(provenance.revision()).isEqualTo(COMMIT);
            assertThat(provenance.dirty()).isTrue();
            assertThat(provenance.entryPoint()).isEqualTo("Dockerfile");
            assertThat(provenance.started()).isEqualTo("2026-11-20T10:00:00.5Z");
            assertThat(provenance.finished()).isEqualTo("2026-11-20T10:00:42.9Z");
            assertThat(provenance.mode()).contains(Mode.MAX);
            assertThat(provenance.builderPlatform()).isEqualTo("linux/amd64");
            assertThat(provenance.materials()).isEqualTo(4);
            assertThat(provenance.baseImages())
                    .containsExactly(
                            new BaseImage(
                                    "golang:1.22-alpine",
                                    "linux/amd64",
                                    "sha256:0d3653dd6f35159ec6e3d10263a42372f6f194c3dea0b35235d72aabde86486e"),
                            new BaseImage("gcr.io/distroless/static:nonroot", "linux/amd64", ""));
            assertThat(provenance.buildArguments()).containsExactly("VERSION", "TOKEN");
            assertThat(provenance.toString()).doesNotContain("s3cr3t");
        });
    }

    @Test
    @DisplayName("BuildKit's provenance 1 of a build from Git, without build steps")
    void provenanceOfVersion1() throws Exception {
        assertThat(read(sample("provenance-1-min.json")).predicate())
                .isInstanceOfSatisfying(Provenance.class, provenance -> {
                    assertThat(provenance.version()).isEqualTo("1");
                    assertThat(provenance.builder()).isEmpty();
                    assertThat(provenance.source()).isEqualTo("https://github.com/acme/shop.git#refs/tags/v1.4");
                    assertThat(provenance.revision()).isEqualTo(COMMIT);
                    assertThat(provenance.dirty()).isFalse();
                    assertThat(provenance.entryPoint()).isEqualTo("build/Dockerfile");
                    assertThat(provenance.mode()).contains(Mode.MIN);
                    assertThat(provenance.builderPlatform()).isEqualTo("linux/amd64");
                    assertThat(provenance.baseImages()).hasSize(1);
                });
    }

    @Test
    @DisplayName("GitHub's provenance: the workflow and the commit; BuildKit's modes do not apply")
    void provenanceOfGitHub() throws Exception {
        assertThat(read(sample("provenance-github.json")).predicate())
                .isInstanceOfSatisfying(Provenance.class, provenance -> {
                    assertThat(provenance.source()).isEqualTo("https://github.com/acme/shop");
                    assertThat(provenance.revision()).isEqualTo(COMMIT);
                    assertThat(provenance.entryPoint()).isEqualTo(".github/workflows/release.yml");
                    assertThat(provenance.mode()).isEmpty();
                });
    }

    @Test
    @DisplayName("provenance of any builder: the source is the dependency with a commit")
    void provenanceOfOthers() throws Exception {
        assertThat(read("{\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{\"buildDefinition\":"
                                + "{\"resolvedDependencies\":[{\"uri\":\"git+https://git.example/shop@" + COMMIT
                                + "\",\"digest\":{\"gitCommit\":\"" + COMMIT + "\"}}]}}}")
                        .predicate())
                .isInstanceOfSatisfying(Provenance.class, provenance -> {
                    assertThat(provenance.source()).isEqualTo("git+https://git.example/shop");
                    assertThat(provenance.revision()).isEqualTo(COMMIT);
                });
    }

    @Test
    @DisplayName(
            "an SPDX document: packages by ecosystem, but not files nor the image; the distribution of its packages")
    void spdx() throws Exception {
        assertThat(read(sample("spdx.json")).predicate())
                .isEqualTo(new Sbom(
                        "SPDX 2.3",
                        List.of("syft-v1.16.0", "buildkit-v0.17.0"),
                        4,
                        Map.of("deb", 2L, "npm", 1L, "other", 1L),
                        "debian-12",
                        2,
                        2));
    }

    @Test
    @DisplayName("a CycloneDX document whose type stands behind it: nested components count, too")
    void cycloneDx() throws Exception {
        assertThat(read(sample("cyclonedx.json")).predicate())
                .isEqualTo(new Sbom(
                        "CycloneDX 1.5",
                        List.of("trivy 0.58.0"),
                        3,
                        Map.of("apk", 2L, "maven", 1L),
                        "alpine-3.19.1",
                        3,
                        0));
    }

    @Test
    @DisplayName("a DSSE envelope, alone or in a Sigstore bundle, is opened, and nothing is left behind")
    void envelopes() throws Exception {
        String payload = Base64.getEncoder()
                .encodeToString(sample("provenance-github.json").getBytes(StandardCharsets.UTF_8));
        String envelope = "{\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"MEUC\"}],"
                + "\"payload\":\"" + payload + "\"}";

        assertThat(read(envelope).subjects()).containsExactly(SUBJECT);
        assertThat(read("{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
                                + "\"verificationMaterial\":{},\"dsseEnvelope\":" + envelope + "}")
                        .predicate())
                .isInstanceOf(Provenance.class);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    @DisplayName("an SBOM of 60 MB is counted by a small heap's worth of memory")
    void large() throws Exception {
        Path file = folder.resolve("large.json");
        int packages = 150_000;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"predicateType\":\"https://spdx.dev/Document\",\"predicate\":{\"packages\":[");
            for (int i = 0; i < packages; i++) {
                out.write((i == 0 ? "" : ",") + "{\"name\":\"p" + i + "\",\"description\":\"" + "x".repeat(300)
                        + "\",\"externalRefs\":[{\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:npm/p" + i
                        + "@1\"}],\"licenseDeclared\":\"L" + i + "\"}");
            }
            out.write("]}}");
        }

        assertThat(Files.size(file)).isGreaterThan(60_000_000);
        assertThat(reader.read(file).predicate()).isInstanceOfSatisfying(Sbom.class, sbom -> {
            assertThat(sbom.packages()).isEqualTo(packages);
            assertThat(sbom.licences()).isEqualTo(Sbom.MAX_LICENCES);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"predicateType\":\"https://slsa.dev/provenance/v1\"}",
                "{\"predicate\":{}",
                "{\"payload\":\"!!!\"}",
                "{\"payload\":\"e30=\"}",
                "{\"dsseEnvelope\":{\"signatures\":[]}}",
                "{\"payload\":\"eyJwYXlsb2FkIjoiZTMwPSJ9\"}",
                "{\0\0\0aaaaaaaa"
            })
    @DisplayName("what is no statement is refused")
    void notStatements(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidStatementException.class);
    }

    @Test
    @DisplayName("fields of unexpected types are passed over")
    void oddTypes() throws Exception {
        assertThat(
                        read("{\"predicateType\":\"https://slsa.dev/provenance/v1\",\"subject\":{\"digest\":1},\"predicate\":"
                                        + "{\"buildDefinition\":[1,{\"buildType\":2}],\"runDetails\":\"x\",\"builder\":{\"id\":{}},"
                                        + "\"materials\":[1,null,{\"uri\":[],\"digest\":[]}],\"metadata\":7}}")
                                .predicate())
                .isInstanceOfSatisfying(Provenance.class, provenance -> assertThat(provenance.materials())
                        .isEqualTo(1));
        assertThat(read("{\"predicateType\":\"https://spdx.dev/Document\",\"predicate\":{\"packages\":{\"name\":1},"
                                + "\"creationInfo\":{\"creators\":[{},[],\"Tool: \"]}}}")
                        .predicate())
                .isEqualTo(new Sbom("SPDX", List.of(), 0, Map.of(), "", 0, 0));
        assertThat(read("{\"predicateType\":\"urn:other\",\"predicate\":{\"a\":[[[1]]]}}")
                        .predicate())
                .isEqualTo(new UnknownPredicate());
    }

    @Test
    @DisplayName("nesting and texts beyond reason are refused in words")
    void beyondReason() {
        String deep = "{\"predicateType\":\"urn:x\",\"predicate\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        String name = "x".repeat(1_000_000);

        assertThatThrownBy(() -> read(deep)).hasMessageContaining("levels");
        assertThatThrownBy(() -> read("{\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":"
                        + "{\"builder\":{\"id\":\"" + name + "\"}}}"))
                .hasMessageContaining("characters");
    }

    private Statement read(String text) throws IOException {
        return reader.read(Files.writeString(folder.resolve("statement.json"), text));
    }

    private static String sample(String name) throws IOException {
        return new String(StatementReaderTest.class.getResourceAsStream(name).readAllBytes(), StandardCharsets.UTF_8)
                .replace("SUBJECT", SUBJECT.hex());
    }
}
