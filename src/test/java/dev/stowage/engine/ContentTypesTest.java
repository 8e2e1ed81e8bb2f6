package dev.stowage.engine;

import static dev.stowage.testing.FakeRegistryAnswer.ok;
import static dev.stowage.testing.FakeRegistryAnswer.redirect;
import static dev.stowage.testing.FakeRegistryAnswer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.config.Settings;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the runtimes make of the Content-Type that a registry sends: containerd believes HEAD, CRI-O believes GET. */
class ContentTypesTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Set<NodeProfile> PROFILES = Stream.of(RuntimeFamily.values())
            .map(family -> new NodeProfile(AMD64, family))
            .collect(Collectors.toSet());

    private final FakeRegistry fake = new FakeRegistry();
    private final Engine engine =
            new Engine(Settings.local(RegistrySettings.DEFAULT), RegistryObserver.NONE, CacheObserver.NONE);
    private final SampleImages images = new SampleImages(fake.store("app"));
    private final Descriptor image = images.image(AMD64);

    @AfterEach
    void end() {
        engine.close();
        fake.close();
    }

    private byte[] index() {
        return images.indexJson(MediaTypes.OCI_INDEX, image).toString().getBytes();
    }

    private static FakeRegistryAnswer answer(String type, byte[] body) {
        FakeRegistryAnswer answer = status(200)
                .body(body)
                .header("Docker-Content-Digest", Digest.of(body).toString());
        return type.isEmpty() ? answer : answer.header("Content-Type", type);
    }

    private void serve(Handler get, Handler head) {
        fake.on("/v2/app/manifests/t", (request, line) -> ("HEAD".equals(request.method()) ? head : get)
                .answer(request, line));
    }

    /** The verdicts for CRI-O, and those for all others, of which there must be one. */
    private void assertVerdicts(String target, String containerd, String crio) {
        Map<NodeProfile, Verdict> verdicts = engine.assessor()
                .assess(
                        fake.host() + "/app" + target,
                        Assessor.Purpose.RUN,
                        PROFILES,
                        Assessor.Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(20)))
                .join()
                .verdicts();
        verdicts.forEach((profile, verdict) -> assertThat(verdict.getClass().getSimpleName() + " " + verdict.message())
                .as(profile.toString())
                .startsWith(profile.runtime() == RuntimeFamily.CRIO ? crio : containerd));
    }

    @ParameterizedTest(name = "an index as \"{0}\", and as \"{1}\" for HEAD: containerd {2}, CRI-O {3}")
    @CsvSource({
        "application/octet-stream, application/vnd.oci.image.index.v1+json, Runs, DoesNotRun",
        "text/plain, application/vnd.oci.image.index.v1+json; charset=utf-8, Runs, DoesNotRun",
        "'', application/vnd.oci.image.index.v1+json, Runs, DoesNotRun",
        "application/json, application/vnd.docker.distribution.manifest.list.v2+json, Runs, DoesNotRun",
        "application/octet-stream, application/octet-stream, DoesNotRun, DoesNotRun",
        "text/plain, '', DoesNotRun, DoesNotRun",
        "application/octet-stream, application/vnd.oci.image.manifest.v1+json, DoesNotRun, DoesNotRun"
    })
    void types(String get, String head, String containerd, String crio) {
        serve(answer(get, index()), answer(head, index()));

        assertVerdicts(":t", containerd, crio);
        assertThat(fake.asked()).startsWith("GET /v2/app/manifests/t", "HEAD /v2/app/manifests/t");
    }

    @Test
    @DisplayName("GET is redirected to an object store that knows no types: containerd runs it, CRI-O does not")
    void objectStore() {
        fake.on("/store", ok("application/octet-stream", index()));
        serve(redirect(307, fake.url() + "/store"), answer(MediaTypes.OCI_INDEX, index()));

        assertVerdicts(":t", "Runs", "DoesNotRun it is served");
    }

    @Test
    @DisplayName("a right Content-Type costs no HEAD")
    void rightType() {
        images.index("t", image);

        assertVerdicts(":t", "Runs", "Runs");
        assertThat(fake.requests()).allMatch(request -> request.method().equals("GET"));
    }

    @Test
    @DisplayName("an OCI index as a Docker list runs everywhere, an OCI manifest as a Docker one not on CRI-O")
    void dockerTypes() {
        serve(answer(MediaTypes.DOCKER_LIST, index()), status(500));
        assertVerdicts(":t", "Runs", "Runs");

        byte[] manifest = manifest();
        fake.on("/v2/app/manifests/single", answer(MediaTypes.DOCKER_MANIFEST, manifest));
        assertVerdicts(":single", "Runs", "DoesNotRun it is an OCI manifest served with");
    }

    private byte[] manifest() {
        Descriptor config = images.config(AMD64);
        return images.manifestJson(MediaTypes.OCI_MANIFEST, config, List.of(images.layer(AMD64)))
                .toString()
                .getBytes();
    }

    @ParameterizedTest(name = "a child as \"{0}\": only CRI-O minds")
    @CsvSource({"application/octet-stream", "''", "application/vnd.docker.distribution.manifest.v2+json"})
    void children(String type) {
        byte[] manifest = manifest();
        Digest digest = Digest.of(manifest);
        Descriptor child = SampleImages.claiming(
                Descriptor.of(MediaTypes.OCI_MANIFEST, digest, manifest.length), Optional.of(AMD64));
        fake.on("/v2/app/manifests/" + digest, answer(type, manifest));
        images.index("t", child);

        assertVerdicts(":t", "Runs", "DoesNotRun its manifest: ");
        assertThat(fake.asked()).doesNotContain("HEAD /v2/app/manifests/" + digest);

        assertVerdicts(":t", "Runs", "DoesNotRun its manifest: ");
        assertThat(fake.asked().stream().filter(line -> line.endsWith(digest.toString())))
                .as("from memory the second time")
                .hasSize(1);
    }

    @Test
    @DisplayName("what was a child with an unusable type is requested again, with HEAD, when a reference names it")
    void childThenTop() {
        byte[] manifest = manifest();
        Digest digest = Digest.of(manifest);
        Descriptor child = SampleImages.claiming(
                Descriptor.of(MediaTypes.OCI_MANIFEST, digest, manifest.length), Optional.of(AMD64));
        fake.on("/v2/app/manifests/" + digest, (request, line) -> answer(
                        "HEAD".equals(request.method()) ? MediaTypes.OCI_MANIFEST : "application/octet-stream",
                        manifest)
                .answer(request, line));
        images.index("t", child);
        assertVerdicts(":t", "Runs", "DoesNotRun its manifest: ");

        assertVerdicts("@" + digest, "Runs", "DoesNotRun it is served");
        int asked = fake.asked().size();
        assertVerdicts("@" + digest, "Runs", "DoesNotRun it is served");
        assertVerdicts(":t", "Runs", "DoesNotRun its manifest: ");

        assertThat(fake.asked()).hasSize(asked).contains("HEAD /v2/app/manifests/" + digest);
    }

    @Test
    @DisplayName("both types are kept: a second answer costs nothing, and is the same")
    void remembered() {
        serve(answer("application/octet-stream", index()), answer(MediaTypes.OCI_INDEX, index()));
        assertVerdicts(":t", "Runs", "DoesNotRun");
        int asked = fake.asked().size();

        assertVerdicts(":t", "Runs", "DoesNotRun");
        assertVerdicts("@" + Digest.of(index()), "Runs", "DoesNotRun");

        assertThat(fake.asked()).hasSize(asked);
    }

    @Test
    @DisplayName("HEAD fails: nothing is certain")
    void headFails() {
        serve(answer("application/octet-stream", index()), status(503));
        assertVerdicts(":t", "Undetermined", "Undetermined");
    }

    @Test
    @DisplayName("HEAD is not supported, or names no digest: containerd reads GET")
    void headSaysNothing() {
        fake.on("/v2/app/manifests/a", (request, line) -> ("HEAD".equals(request.method())
                        ? status(405)
                        : answer("application/octet-stream", index()))
                .answer(request, line));
        fake.on("/v2/app/manifests/b", (request, line) -> ("HEAD".equals(request.method())
                        ? ok(MediaTypes.OCI_INDEX, index())
                        : answer("application/octet-stream", index()))
                .answer(request, line));

        assertVerdicts(":a", "DoesNotRun", "DoesNotRun");
        assertVerdicts(":b", "DoesNotRun", "DoesNotRun");
    }

    @ParameterizedTest(name = "gzip whose HEAD declares the compressed length: {0}")
    @CsvSource({"true, DoesNotRun a HEAD request declares", "false, Runs"})
    void compressed(boolean compressedLength, String containerd) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(index());
        }
        FakeRegistryAnswer gzip = ok(MediaTypes.OCI_INDEX, bytes.toByteArray())
                .header("Content-Encoding", "gzip")
                .header("Docker-Content-Digest", Digest.of(index()).toString());
        serve(gzip, compressedLength ? gzip : answer(MediaTypes.OCI_INDEX, index()));

        assertVerdicts(":t", containerd, "Runs");
    }
}
