package dev.stowage.cli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryServer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code merge --push} does with registries that fail, and with their other ways to do it. */
class MergePushTest extends MergePushTesting {

    @Test
    @DisplayName("blobs, manifests, the index by its digest, and the tag, in this order; then it is read back")
    void order() {
        CommandRun.Result result = push();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        Digest index = target.digestOf("shop", "1").orElseThrow();
        assertThat(result.out())
                .doesNotContain("imagetools")
                .endsWith("\n7 blobs: 0 mounted from their repositories, 7 uploaded (1205 bytes), 0 there before\n"
                        + "read back: it runs on linux/amd64, linux/arm64\n" + target.host() + "/shop@" + index + "\n");
        List<String> written = written();
        assertThat(written).hasSize(2 * 7 + 4 + 2);
        assertThat(written.indexOf("PUT /v2/shop/manifests/" + amd64.digest()))
                .isLessThan(written.indexOf("PUT /v2/shop/manifests/" + arm64.digest()));
        assertThat(written.subList(written.size() - 2, written.size()))
                .containsExactly("PUT /v2/shop/manifests/" + index, "PUT /v2/shop/manifests/1");
        assertThat(headers(target, "Authorization")).containsOnly("");
    }

    @Test
    @DisplayName("a second run writes nothing; one to another tag sets the tag alone")
    void idempotent() {
        push();
        target.server().forget();

        assertThat(push().out()).contains("\nnothing to do: the tag is this index already\n");
        assertThat(written()).isEmpty();
        assertThat(push("shop:2").code()).isZero();
        assertThat(written()).containsExactly("PUT /v2/shop/manifests/2");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, '/v2/shop/blobs/uploads/', 403, DENIED, uploading the blob sha256:, docker login",
        "POST, '/v2/shop/blobs/uploads/', 404, NAME_UNKNOWN, uploading the blob sha256:, create it first",
        "POST, '/v2/shop/blobs/uploads/', 405, UNSUPPORTED, uploading the blob sha256:, it does not accept pushes",
        "PUT, '/v2/shop/blobs/uploads/3.*', 413, SIZE_INVALID, uploading the blob sha256:, client_max_body_size",
        "PUT, '/v2/shop/blobs/uploads/.*', 503, BUSY, uploading the blob sha256:, try again later",
        "PUT, '/v2/shop/manifests/sha256:.*', 429, TOOMANYREQUESTS, pushing the manifest sha256:, too many requests",
        "PUT, '/v2/shop/manifests/sha256:.*', 400, MANIFEST_BLOB_UNKNOWN, pushing the manifest sha256:, run the command again",
        "PUT, '/v2/shop/manifests/1', 412, PRECONDITION, setting the tag 1, immutable tags"
    })
    @DisplayName("a step that fails is named with its fix; the tag is as it was, and the next run does the rest")
    void steps(String method, String path, int status, String code, String step, String fix) {
        Digest before = new SampleImages(target.store("shop")).image("1", AMD64).digest();
        target.on(
                method,
                path,
                FakeRegistryAnswer.status(status).error(code, "s3cret").header("Retry-After", "0"));

        CommandRun.Result result = push();

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("stowage: " + target.host() + "/shop:1 was not pushed: " + step)
                .contains(" failed: " + target.host() + " returned " + status + " (" + code + ")", fix)
                .endsWith(UNCHANGED)
                .doesNotContain("s3cret");
        assertThat(target.digestOf("shop", "1")).contains(before);
        target.recover();
        assertThat(push().code()).isZero();
        assertThat(target.digestOf("shop", "1")).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    @DisplayName("what breaks once is done again, an upload from its beginning")
    void retries() {
        target.on("PUT", "/v2/shop/blobs/uploads/1.*", FakeRegistryAnswer.reset());
        target.on(
                "PUT",
                "/v2/shop/blobs/uploads/3.*",
                FakeRegistryAnswer.status(404).error("BLOB_UPLOAD_UNKNOWN", "lost"));
        target.on(
                "PUT",
                "/v2/shop/manifests/" + arm64.digest(),
                FakeRegistryAnswer.inTurn(
                        FakeRegistryAnswer.status(502), FakeRegistryAnswer.reset(), (request, line) -> {
                            target.store("shop").putManifest(null, amd64.mediaType(), request.bytes());
                            FakeRegistryAnswer.status(201).answer(request, line);
                        }));

        assertThat(push().code()).isZero();
        assertThat(written().stream().filter("POST /v2/shop/blobs/uploads/"::equals))
                .hasSize(9);
    }

    @Test
    @DisplayName("after a tag that the registry did not confirm, it is said that this is not known")
    void unconfirmed() {
        target.on("PUT", "/v2/shop/manifests/1", FakeRegistryAnswer.reset());

        assertThat(push().err())
                .endsWith(".\nstowage: Whether the tag was set is not known: run the same command again.\n");
    }

    @Test
    @DisplayName("a tag that another push moved, or a registry that stores something else: an error")
    void otherContent() {
        SampleImages other = new SampleImages(target.store("shop"));
        Digest others = other.image(AMD64).digest();
        target.on("PUT", "/v2/shop/manifests/1", FakeRegistryAnswer.status(201));
        other.image("1", AMD64);

        assertThat(push().err()).contains("the tag names another image now");

        target.recover();
        target.on("GET", "/v2/shop/manifests/1", FakeRegistryAnswer.status(404));
        assertThat(push().err()).contains(" was pushed as sha256:", ", but reading the tag 1 back failed: ");

        target.recover();
        new SampleImages(target.store("shop")).image("1", AMD64);
        target.on(
                "PUT",
                "/v2/shop/manifests/1",
                FakeRegistryAnswer.status(201).header("Docker-Content-Digest", others.toString()));
        assertThat(push().err()).contains("says that it stored " + others + " instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RELATIVE", "ABSOLUTE", "QUERY"})
    @DisplayName("uploads go where the registry says, relative or absolute, with a query or without")
    void locations(String form) {
        String path = "/v2/shop/blobs/uploads/";
        switch (form) {
            case "RELATIVE" -> target.uploadsAt(path);
            case "ABSOLUTE" -> target.uploadsAt(target.url() + path);
            default ->
                target.on("POST", path, FakeRegistryAnswer.status(202).header("Location", path + "7?_state=a%2Bb"));
        }

        assertThat(push().code()).isZero();
        if (form.equals("QUERY")) {
            assertThat(target.requests().stream().map(Request::target))
                    .anyMatch(sent -> sent.startsWith(path + "7?_state=a%2Bb&digest=sha256%3A"));
        }
    }

    @Test
    @DisplayName("another host that takes the uploads gets no credentials, even if it wants some")
    void otherHost() {
        keyring = as("ci", "s3cret");
        target.protect(FakeRegistryAuth.basic("ci", "s3cret"));
        try (FakeRegistry storage = new FakeRegistry()) {
            storage.on("PUT", "/.*", (request, line) -> {
                target.store("shop").putBlob(request.bytes());
                FakeRegistryAnswer.status(201).answer(request, line);
            });
            target.uploadsAt(storage.url() + "/upload/");

            assertThat(push().code()).isZero();
            assertThat(storage.requests()).hasSize(7);
            assertThat(headers(storage, "Authorization")).containsOnly("");

            storage.recover();
            storage.on("PUT", "/.*", FakeRegistryAnswer.status(401).header("WWW-Authenticate", "Basic realm=\"x\""));
            target.uploadsAt(storage.url() + "/upload/");
            assertThat(push("other:1").code()).isEqualTo(2);
            assertThat(headers(storage, "Authorization")).containsOnly("");
        }
    }

    @Test
    @DisplayName("a token for pull and push; one that ends midway is replaced; what is sent is not lost")
    void tokens() {
        keyring = as("ci", "s3cret");
        FakeRegistryAuth.Tokens tokens = new FakeRegistryAuth.Tokens().user("ci", "s3cret", "shop");
        target.protect(tokens);
        target.on("POST", "/v2/shop/blobs/uploads/", FakeRegistryAnswer.inTurn((request, line) -> {
            tokens.revoke();
            FakeRegistryAnswer.status(401)
                    .header(
                            "WWW-Authenticate",
                            "Bearer realm=\"" + target.url()
                                    + "/token\",service=\"fake\",scope=\"repository:shop:pull\"")
                    .answer(request, line);
            target.recover();
        }));

        CommandRun.Result result = push();

        assertThat(result.code()).as(result.err()).isZero();
        List<String> asked = target.requests().stream()
                .filter(request -> request.path().equals("/token"))
                .map(request -> URLDecoder.decode(request.body(), StandardCharsets.UTF_8))
                .toList();
        assertThat(asked.subList(0, 2)).allMatch(form -> form.endsWith("scope=repository:shop:pull,push"));
        assertThat(headers(origin, "Authorization")).containsOnly("");
    }

    @Test
    @DisplayName("credentials that the registry refuses, or none: which login is missing")
    void refused() {
        target.protect(
                new FakeRegistryAuth.Tokens().user("ci", "s3cret", "shop").anybody());

        assertThat(push().err())
                .contains("There are no credentials for it: docker login " + target.host())
                .endsWith(UNCHANGED);
        keyring = as("ci", "wrong");
        assertThat(push().err())
                .contains("may not push to shop (scope repository:shop:pull,push): docker login " + target.host())
                .doesNotContain("wrong");
        keyring = as("old", "wrong", "ci", "s3cret");
        assertThat(push().code()).isZero();
    }

    private static List<String> headers(FakeRegistry registry, String name) {
        return registry.requests().stream().map(request -> request.header(name)).toList();
    }
}
