package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.testing.FakeRegistryAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of registries, valid and invalid ones. */
class ContentRequestTest extends RegistryTesting {

    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(StandardCharsets.UTF_8);
    private final SampleImages images = new SampleImages(fake.store("team/app"));

    private void serve(FakeRegistryAnswer answer) {
        fake.on(ANY, answer);
    }

    private static FakeRegistryAnswer index() {
        return FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, INDEX);
    }

    private RegistryFailure failure(String target) {
        return failure(client(), "team/app", target);
    }

    @Test
    @DisplayName("a tag is one GET that accepts all four media types")
    void tagIsOneGet() {
        Descriptor image = images.image("v1", Platform.of("linux", "amd64"));

        Content content = found(client(), "team/app", "v1");

        assertThat(content.digest()).isEqualTo(image.digest());
        assertThat(content.contentType()).isEqualTo(MediaTypes.OCI_MANIFEST);
        assertThat(fake.asked()).containsExactly("GET /v2/team/app/manifests/v1");
        assertThat(fake.requests().get(0).header("Accept")).contains(MediaTypes.ACCEPTED_MANIFESTS);
        assertThat(fake.requests().get(0).header("User-Agent")).isEqualTo("stowage");
        assertThat(fake.requests().get(0).header("Accept-Encoding")).isEqualTo("identity");
        assertThat(fake.requests().get(0).headers()).doesNotContainKeys("upgrade");
    }

    @ParameterizedTest(name = "Content-Type {0} is handed on as {1}")
    @CsvSource({
        "text/plain, text/plain",
        "application/json, application/json",
        "'', ''",
        "application/vnd.oci.image.index.v1+json; charset=utf-8, application/vnd.oci.image.index.v1+json"
    })
    void contentTypeIsHandedOn(String served, String seen) {
        FakeRegistryAnswer answer = FakeRegistryAnswer.status(200).body(INDEX);
        serve(served.isEmpty() ? answer : answer.header("Content-Type", served));

        assertThat(found(client(), "team/app", "v1").contentType()).isEqualTo(seen);
    }

    @Test
    @DisplayName("no Docker-Content-Digest: the bytes decide")
    void noDigestHeader() {
        serve(index());

        assertThat(found(client(), "team/app", "v1").digest()).isEqualTo(Digest.of(INDEX));
    }

    @Test
    @DisplayName("Docker-Content-Digest lies about a tag: Invalid")
    void digestHeaderLies() {
        serve(index().header("Docker-Content-Digest", Digest.of(new byte[1]).toString()));

        RegistryFailure failure = failure("v1");

        assertKind(failure, Kind.INVALID);
        assertThat(failure.reason()).contains("declared sha256:").contains("but sent sha256:");
    }

    @Test
    @DisplayName("by digest the body decides, whatever the header says")
    void wrongBodyByDigest() {
        String asked = Digest.of(new byte[1]).toString();
        serve(index().header("Docker-Content-Digest", asked));

        assertKind(failure(asked), Kind.INVALID);
    }

    @Test
    @DisplayName("by digest a lying header is not looked at when the body is right")
    void lyingHeaderByDigest() {
        serve(index().header("Docker-Content-Digest", Digest.of(new byte[1]).toString()));

        assertThat(found(client(), "team/app", Digest.of(INDEX).toString()).bytes())
                .isEqualTo(INDEX);
    }

    @ParameterizedTest(name = "a child whose size is off by {0}: Invalid")
    @ValueSource(longs = {-1, 1})
    void wrongChildSize(long off) {
        serve(index());
        Descriptor entry = Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(INDEX), INDEX.length + off);

        RegistryFailure failure = failure(
                get(client().manifest(fake.repository("a"), entry, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertKind(failure, Kind.INVALID);
        assertThat(failure.reason()).contains("size");
    }

    @Test
    @DisplayName("a child whose content is another: Invalid")
    void wrongChildContent() {
        serve(index());
        Descriptor entry = Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(new byte[2]), INDEX.length);

        assertKind(
                failure(get(
                        client().manifest(fake.repository("a"), entry, ReadCredentials.ANONYMOUS, Deadline.in(LONG)))),
                Kind.INVALID);
    }

    @Test
    @DisplayName("a child and a config that are right are found")
    void rightChildAndConfig() {
        Descriptor image = images.image(Platform.of("linux", "arm64"));
        Descriptor config = images.config(Platform.of("linux", "arm64"));
        HttpRegistry client = client();
        Repository repository = fake.repository("team/app");

        found(get(client.manifest(repository, image, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
        Content content = found(get(client.blob(repository, config, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(new String(content.bytes(), StandardCharsets.UTF_8)).contains("arm64");
    }

    @ParameterizedTest(name = "a 200 with {0}: Invalid")
    @ValueSource(strings = {"<html><body>Please log in</body></html>", "  <!DOCTYPE html>", "no json", "[]", "\u0001"})
    void notJson(String body) {
        serve(FakeRegistryAnswer.status(200).header("Content-Type", "text/html").body(body));

        RegistryFailure failure = failure("v1");

        assertKind(failure, Kind.INVALID);
        assertThat(failure.reason()).contains("not a JSON object").doesNotContain("log in<");
    }

    @Test
    @DisplayName("a 200 with an empty body: Invalid")
    void emptyBody() {
        serve(FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, new byte[0]));

        assertKind(failure("v1"), Kind.INVALID);
    }

    @Test
    @DisplayName("a truncated body is tried three times, then Unavailable")
    void truncatedBody() {
        serve(index().cutAfter(10));

        RegistryFailure failure = failure("v1");

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("ended early");
        assertThat(fake.requests()).hasSize(3);
    }

    @Test
    @DisplayName("a body shorter than declared is Unavailable, and one good answer fixes it")
    void shorterThanDeclared() {
        fake.on(ANY, FakeRegistryAnswer.inTurn(index().declaring(1000), index()));

        assertThat(found(client(), "team/app", "v1").bytes()).isEqualTo(INDEX);
    }

    @Test
    @DisplayName("a body of 50 MB is refused by its length, unread")
    void declaredTooLarge() throws InterruptedException {
        fake.on(ANY, (request, line) -> {
            line.write("HTTP/1.1 200 OK\r\nContent-Type: " + MediaTypes.OCI_INDEX
                    + "\r\nContent-Length: 52428800\r\n\r\n");
            line.awaitHangUp();
        });

        assertKind(failure("v1"), Kind.TOO_LARGE);
        assertThat(fake.server().awaitHangUps(1)).isTrue();
    }

    @Test
    @DisplayName("an endless body is broken off at the bound")
    void endless() throws InterruptedException {
        fake.on(ANY, FakeRegistryAnswer.endless(MediaTypes.OCI_INDEX));

        assertKind(failure("v1"), Kind.TOO_LARGE);
        assertThat(fake.server().awaitHangUps(1)).isTrue();
    }

    @Test
    @DisplayName("the largest manifest that containerd takes is taken, one byte more is not")
    void largestManifest() {
        byte[] largest = new byte[(int) ContentRequest.MANIFEST_BOUND];
        largest[0] = '{';
        fake.store("a").putManifest("largest", MediaTypes.OCI_INDEX, largest);
        byte[] larger = new byte[largest.length + 1];
        larger[0] = '{';
        fake.store("a").putManifest("larger", MediaTypes.OCI_INDEX, larger);
        HttpRegistry client = client();

        assertThat(found(client, "a", "largest").bytes()).hasSize(largest.length);
        assertKind(failure(client, "a", "larger"), Kind.TOO_LARGE);
    }

    @Test
    @DisplayName("a config that declares more than 8 MiB is not even requested")
    void blobTooLarge() {
        Descriptor blob = Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(INDEX), ContentRequest.BLOB_BOUND + 1);

        assertKind(
                failure(get(client().blob(fake.repository("a"), blob, ReadCredentials.ANONYMOUS, Deadline.in(LONG)))),
                Kind.TOO_LARGE);
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    @DisplayName("403: Forbidden, with the registry's code and without its words")
    void forbidden() {
        serve(FakeRegistryAnswer.status(403).error("DENIED", "<script>secret</script>"));

        RegistryFailure failure = failure("v1");

        assertKind(failure, Kind.FORBIDDEN);
        assertThat(failure.reason()).contains("DENIED").doesNotContain("script");
    }

    @Test
    @DisplayName("404: NotFound")
    void notFound() {
        RegistryFailure failure = failure("missing");

        assertKind(failure, Kind.NOT_FOUND);
        assertThat(failure.reason()).contains("no such tag").contains("MANIFEST_UNKNOWN");
        assertThat(failure.host()).isEqualTo(fake.host());
        assertThat(failure.subject()).isEqualTo(fake.host() + "/team/app:missing");
    }

    @Test
    @DisplayName("404 NAME_UNKNOWN says that the repository is missing")
    void noRepository() {
        serve(FakeRegistryAnswer.status(404).error("NAME_UNKNOWN", "repository name not known to registry"));

        assertThat(failure("v1").reason()).contains("no such repository");
    }

    @Test
    @DisplayName("a 404 about the Accept header does not say that there is no such tag")
    void notFoundForAccept() {
        serve(FakeRegistryAnswer.status(404)
                .error("MANIFEST_UNKNOWN", "OCI index found, but accept header does not support OCI indexes"));

        assertKind(failure("v1"), Kind.INVALID);
    }

    @ParameterizedTest(name = "{0} is tried three times, then Unavailable")
    @ValueSource(ints = {500, 502, 503, 504})
    void serverErrors(int status) {
        serve(FakeRegistryAnswer.status(status).body("<html>secret words</html>"));

        RegistryFailure failure = failure("v1");

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("" + status).doesNotContain("secret");
        assertThat(fake.requests()).hasSize(3);
    }

    @Test
    @DisplayName("a passing 503 and a passing reset are got over")
    void passingFaults() {
        fake.on(ANY, FakeRegistryAnswer.inTurn(FakeRegistryAnswer.status(503), FakeRegistryAnswer.reset(), index()));

        assertThat(found(client(), "team/app", "v1").bytes()).isEqualTo(INDEX);
    }

    @ParameterizedTest(name = "status {0}: {1}")
    @CsvSource({
        "400, INVALID",
        "406, INVALID",
        "410, NOT_FOUND",
        "451, FORBIDDEN",
        "418, UNAVAILABLE",
        "204, UNAVAILABLE",
        "304, UNAVAILABLE",
        "501, UNAVAILABLE"
    })
    void otherStatuses(int status, Kind kind) {
        serve(FakeRegistryAnswer.status(status));

        assertKind(failure("v1"), kind);
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("an error body of any size says its status and no more")
    void hugeErrorBody() {
        fake.on(ANY, (request, line) -> {
            line.write("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
            byte[] part = new byte[65536];
            while (true) {
                line.write(part);
            }
        });

        assertKind(failure("v1"), Kind.NOT_FOUND);
    }

    @Test
    @DisplayName("a digest is told by one HEAD")
    void digestByHead() {
        Descriptor image = images.image("v1", Platform.of("linux", "amd64"));

        Digest digest = found(
                get(client().digest(fake.repository("team/app"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(digest).isEqualTo(image.digest());
        assertThat(fake.asked()).containsExactly("HEAD /v2/team/app/manifests/v1");
    }

    @ParameterizedTest(name = "HEAD answers {0}: GET instead, and remembered for the registry")
    @ValueSource(ints = {405, 501, 200})
    void headUnsupported(int status) {
        fake.on(ANY, (request, line) -> ("HEAD".equals(request.method()) ? FakeRegistryAnswer.status(status) : index())
                .answer(request, line));
        HttpRegistry client = client();

        for (String tag : List.of("v1", "v2")) {
            Digest digest =
                    found(get(client.digest(fake.repository("a"), tag, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
            assertThat(digest).isEqualTo(Digest.of(INDEX));
        }

        assertThat(fake.asked())
                .containsExactly("HEAD /v2/a/manifests/v1", "GET /v2/a/manifests/v1", "GET /v2/a/manifests/v2");
    }

    @Test
    @DisplayName("a digest of a tag that is missing: NotFound")
    void digestOfMissingTag() {
        assertKind(
                failure(get(client().digest(fake.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG)))),
                Kind.NOT_FOUND);
    }

    @ParameterizedTest(name = "{0}/{1}:{2} is never requested")
    @CsvSource({
        "user@127.0.0.1, a, v1",
        "127.0.0.1/x, a, v1",
        "'127.0.0.1:80\r\nX: y', a, v1",
        "bücher.example, a, v1",
        "127.0.0.1, ../../x, v1",
        "127.0.0.1, a?b, v1",
        "127.0.0.1, a, ../x",
        "127.0.0.1, a, 'v1 x'",
        "127.0.0.1, a, sha256:abc"
    })
    void hostileNames(String registry, String path, String target) {
        RegistryFailure failure = failure(get(client().manifest(
                        new Repository(registry, path), target, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertKind(failure, Kind.INVALID);
    }

    @ParameterizedTest(name = "{0} is refused")
    @ValueSource(
            strings = {"169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0:80", "[64:ff9b::a9fe:a9fe]"
            })
    void metadataAddresses(String registry) {
        RegistryFailure failure = failure(get(
                client().manifest(new Repository(registry, "x"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertKind(failure, Kind.REFUSED);
    }

    @Test
    @DisplayName("loopback is refused inside a cluster, whichever way it is written")
    void loopbackInCluster() {
        HttpRegistry client = client(RegistrySettings.DEFAULT.withAddresses(AddressPolicy.CLUSTER));
        for (String registry : List.of("[::ffff:127.0.0.1]", "localhost", "127.0.0.1", "[::1]", fake.host())) {
            RegistryFailure failure = failure(get(client.manifest(
                    new Repository(registry, "x"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
            assertKind(failure, Kind.REFUSED);
        }
        assertThat(fake.requests()).isEmpty();
    }
}
