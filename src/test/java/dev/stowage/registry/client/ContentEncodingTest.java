package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryServer.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries, caches and file servers that send bodies compressed, whatever is requested. */
class ContentEncodingTest extends RegistryTesting {

    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(StandardCharsets.UTF_8);

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static FakeRegistryAnswer encoded(String encoding, byte[] body) {
        return FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, body)
                .header("Content-Encoding", encoding)
                .header("Docker-Content-Digest", Digest.of(INDEX).toString());
    }

    private void serve(byte[] compressed) {
        fake.on(ANY, encoded("gzip", compressed));
    }

    private RegistryFailure failure(byte[] compressed) {
        serve(compressed);
        return failure(client(), "a", "v1");
    }

    @Test
    @DisplayName("every request asks for uncompressed content")
    void identityIsRequested() {
        fake.protect(new FakeRegistryAuth.Tokens().user("me", "s3cret", "a"));
        fake.store("a").putManifest("v1", MediaTypes.OCI_INDEX, INDEX);

        found(ask(client(), "a", "v1", as("me", "s3cret")));

        assertThat(headers(fake, "Accept-Encoding")).hasSize(3).containsOnly("identity");
    }

    @ParameterizedTest(name = "Content-Encoding {0} is decoded before it is hashed")
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip"})
    void decoded(String encoding) {
        fake.on(ANY, encoded(encoding, gzip(INDEX)));

        Content content = found(client(), "a", "v1");

        assertThat(content.bytes()).isEqualTo(INDEX);
        assertThat(content.digest()).isEqualTo(Digest.of(INDEX));
    }

    @Test
    @DisplayName("Content-Encoding identity is no encoding, and costs no HEAD")
    void identity() {
        fake.on(ANY, encoded("identity", INDEX));

        assertThat(found(client(), "a", "v1").bytes()).isEqualTo(INDEX);
        assertThat(fake.asked()).containsExactly("GET /v2/a/manifests/v1");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void whatHeadSaysIsAskedOnce(String name, Handler head, OptionalLong length) {
        fake.on(ANY, (request, line) -> ("HEAD".equals(request.method()) ? head : encoded("gzip", gzip(INDEX)))
                .answer(request, line));

        Content content = found(client(), "a", "v1");

        assertThat(content.head()).contains(new Content.Head(MediaTypes.OCI_INDEX, length));
        assertThat(fake.asked()).containsExactly("GET /v2/a/manifests/v1", "HEAD /v2/a/manifests/v1");
    }

    static List<Arguments> heads() {
        FakeRegistryAnswer plain = FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, INDEX)
                .header("Docker-Content-Digest", Digest.of(INDEX).toString());
        Handler withoutLength = (request, line) -> line.write("HTTP/1.1 200 OK\r\nContent-Type: " + MediaTypes.OCI_INDEX
                + "\r\nDocker-Content-Digest: " + Digest.of(INDEX) + "\r\n\r\n");
        return List.of(
                Arguments.of("HEAD declares the length of the document", plain, OptionalLong.of(INDEX.length)),
                Arguments.of(
                        "HEAD declares the compressed length",
                        encoded("gzip", gzip(INDEX)),
                        OptionalLong.of(gzip(INDEX).length)),
                Arguments.of("HEAD declares no length: containerd reads GET", withoutLength, OptionalLong.empty()),
                Arguments.of("no HEAD: containerd reads GET", FakeRegistryAnswer.status(405), OptionalLong.empty()));
    }

    @Test
    @DisplayName(
            "a child and a config: within the size that is declared for them, though gzip is longer, and without HEAD")
    void childAndConfig() {
        byte[] tiny = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(gzip(tiny)).hasSizeGreaterThan(tiny.length);
        serve(gzip(tiny));
        HttpRegistry client = client();

        for (String type : List.of(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG)) {
            Descriptor descriptor = Descriptor.of(type, Digest.of(tiny), tiny.length);
            Content content = found(get(
                    type.equals(MediaTypes.OCI_CONFIG)
                            ? client.blob(
                                    fake.repository("a"), descriptor, ReadCredentials.ANONYMOUS, Deadline.in(LONG))
                            : client.manifest(
                                    fake.repository("a"), descriptor, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
            assertThat(content.bytes()).isEqualTo(tiny);
        }
        assertThat(fake.requests()).hasSize(2).allMatch(request -> request.method()
                .equals("GET"));
    }

    @Test
    @DisplayName("a gzip file with its name in it, and one of several members")
    void membersAndNames() {
        byte[] named = gzip(Arrays.copyOf(INDEX, 10));
        named[3] = 8;
        byte[] name = "index.json\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] first = joined(Arrays.copyOf(named, 10), name, Arrays.copyOfRange(named, 10, named.length));
        serve(joined(first, gzip(Arrays.copyOfRange(INDEX, 10, INDEX.length))));

        assertThat(found(client(), "a", "v1").bytes()).isEqualTo(INDEX);
    }

    @Test
    @DisplayName("the largest manifest is decoded, one byte more is too large")
    void bound() {
        byte[] largest = new byte[(int) ContentRequest.MANIFEST_BOUND];
        largest[0] = '{';
        byte[] larger = new byte[largest.length + 1];
        larger[0] = '{';
        fake.on(
                "/v2/a/manifests/largest",
                FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, gzip(largest)).header("Content-Encoding", "gzip"));
        fake.on(
                "/v2/a/manifests/larger",
                FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, gzip(larger)).header("Content-Encoding", "gzip"));
        HttpRegistry client = client();

        assertThat(found(client, "a", "largest").bytes()).isEqualTo(largest);
        assertKind(failure(client, "a", "larger"), Kind.TOO_LARGE);
    }

    @Test
    @DisplayName("a bomb is stopped at the bound, that of a child at its declared size")
    void bombs() {
        byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
        serve(bomb);
        HttpRegistry client = client();
        Descriptor entry = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(INDEX), INDEX.length);

        assertKind(failure(client, "a", "v1"), Kind.TOO_LARGE);
        RegistryFailure child = failure(
                get(client.manifest(fake.repository("a"), entry, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
        assertKind(child, Kind.INVALID);
        assertThat(child.reason()).contains("size is wrong").contains("sent more");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenBodies")
    void broken(String name, byte[] body, Kind kind, String reason) {
        RegistryFailure failure = failure(body);

        assertKind(failure, kind);
        assertThat(failure.reason()).contains(reason);
    }

    static List<Arguments> brokenBodies() {
        byte[] good = gzip(INDEX);
        byte[] damaged = good.clone();
        damaged[14] ^= 0x55;
        byte[] wrongChecksum = good.clone();
        wrongChecksum[good.length - 5] ^= 1;
        byte[] reserved = good.clone();
        reserved[3] = (byte) 0x80;
        return List.of(
                Arguments.of("data after it", joined(good, "x".getBytes()), Kind.INVALID, "other data follows"),
                Arguments.of("a zero byte after it", joined(good, new byte[1]), Kind.INVALID, "other data follows"),
                Arguments.of(
                        "half a member after it",
                        joined(good, Arrays.copyOf(good, 12)),
                        Kind.UNAVAILABLE,
                        "ended early"),
                Arguments.of("cut in its header", Arrays.copyOf(good, 5), Kind.UNAVAILABLE, "ended early"),
                Arguments.of("cut in its data", Arrays.copyOf(good, 20), Kind.UNAVAILABLE, "ended early"),
                Arguments.of(
                        "cut in its checksum", Arrays.copyOf(good, good.length - 1), Kind.UNAVAILABLE, "ended early"),
                Arguments.of("not gzip at all", INDEX, Kind.INVALID, "it is something else"),
                Arguments.of("damaged", damaged, Kind.INVALID, "is not valid"),
                Arguments.of("another checksum", wrongChecksum, Kind.INVALID, "checksum is wrong"),
                Arguments.of("unknown flags", reserved, Kind.INVALID, "method is unknown"));
    }

    @ParameterizedTest(name = "Content-Encoding {0}: {1}")
    @CsvSource({
        "br, INVALID, other than gzip",
        "'<script>', INVALID, other than gzip",
        "zstd, UNAVAILABLE, other than gzip",
        "deflate, UNAVAILABLE, other than gzip",
        "'gzip, gzip', UNAVAILABLE, one in another",
        "'gzip, br', INVALID, one in another"
    })
    void otherEncodings(String encoding, Kind kind, String reason) {
        fake.on(ANY, encoded(encoding, gzip(gzip(INDEX))));

        RegistryFailure failure = failure(client(), "a", "v1");

        assertKind(failure, kind);
        assertThat(failure.reason()).contains("compressed").contains(reason).doesNotContain("script");
    }

    @Test
    @DisplayName("the code of a compressed error is read, and a damaged one is told by its status")
    void errors() {
        byte[] error = "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8);
        fake.on(
                "/v2/a/.*",
                FakeRegistryAnswer.status(404)
                        .header("Content-Encoding", "gzip")
                        .body(gzip(error)));
        fake.on(
                "/v2/b/.*",
                FakeRegistryAnswer.status(404)
                        .header("Content-Encoding", "gzip")
                        .body(error));
        HttpRegistry client = client();

        assertThat(failure(client, "a", "v1").reason()).contains("no such repository (NAME_UNKNOWN)");
        assertKind(failure(client, "b", "v1"), Kind.NOT_FOUND);
    }

    @Test
    @DisplayName("a compressed token is decoded")
    void token() {
        fake.protect(new FakeRegistryAuth.Tokens().user("me", "s3cret", "a"));
        byte[] token = "{\"token\":\"t\"}".getBytes(StandardCharsets.UTF_8);
        fake.on(
                "/token.*",
                FakeRegistryAnswer.ok("application/json", gzip(token)).header("Content-Encoding", "gzip"));

        failure(ask(client(), "a", "v1", as("me", "s3cret")));

        assertThat(headers(fake, "Authorization")).contains("Bearer t");
    }
}
