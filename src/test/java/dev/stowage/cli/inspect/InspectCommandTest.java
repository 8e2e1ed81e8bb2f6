package dev.stowage.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Shape;
import dev.stowage.testing.Shapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InspectCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);
    private final Descriptor amd64 = images.image(Platform.of("linux", "amd64"));

    @Test
    void everyEntryIsListedAndAttestationsSayWhose() {
        Descriptor attestation = images.attestation(amd64);
        Descriptor index = images.index("t", amd64, attestation);

        CommandRun.Result result = run("inspect", "r.example/app:t");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("r.example/app:t\nindex " + MediaTypes.OCI_INDEX + " " + index.digest() + "\n\nPLATFORM")
                .containsPattern("linux/amd64 +" + amd64.digest() + " +" + amd64.size() + " +image +"
                        + MediaTypes.OCI_MANIFEST.replace("+", "\\+"))
                .containsPattern("unknown/unknown +" + attestation.digest() + " +\\d+ +attestation ")
                .contains("    attests linux/amd64 (" + amd64.digest().abbreviated() + ")\n");
    }

    @Test
    void rawIsWhatTheRegistrySends() {
        Descriptor index = images.index("t", amd64);

        CommandRun.Result result = run("inspect", "r.example/app:t", "--raw");

        assertThat(result.code()).isZero();
        assertThat(Digest.of(result.out().getBytes(StandardCharsets.UTF_8))).isEqualTo(index.digest());
        assertThat(run("inspect", "r.example/app:missing", "--raw").code()).isEqualTo(1);
    }

    @Test
    void jsonHasTheDocumentedFields() throws Exception {
        Descriptor attestation = images.attestation(amd64);
        Descriptor index = images.index("t", amd64, attestation);

        CommandRun.Result result = run("inspect", "r.example/app:t", "-o", "json");

        assertThat(JSON.readTree(result.out())).isEqualTo(JSON.readTree("""
                {"image": "r.example/app:t", "reference": "r.example/app:t", "digest": "%s",
                 "mediaType": "application/vnd.oci.image.index.v1+json", "kind": "index",
                 "entries": [
                   {"platform": "linux/amd64", "digest": "%s", "size": %d, "kind": "image",
                    "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": null, "subject": null},
                   {"platform": "unknown/unknown", "digest": "%s", "size": %d, "kind": "attestation",
                    "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": null, "subject": "%s"}]}
                """.formatted(
                        index.digest(),
                        amd64.digest(),
                        amd64.size(),
                        attestation.digest(),
                        attestation.size(),
                        amd64.digest())));
    }

    @Test
    void aSingleManifestHasThePlatformOfItsConfig() {
        images.image("t", Platform.of("linux", "arm64"));

        CommandRun.Result result = run("inspect", "r.example/app:t");

        assertThat(result.out())
                .contains("image " + MediaTypes.OCI_MANIFEST)
                .containsPattern("linux/arm64 +sha256:")
                .contains("the platform is its config's");
    }

    @Test
    void aNestedIndexAndAnArtifactAreNamedAsSuch() throws Exception {
        Descriptor nested = images.index(null, amd64);
        Descriptor artifact =
                new Descriptor(MediaTypes.OCI_MANIFEST, amd64.digest(), 3, Optional.empty(), "text/x", Map.of());
        images.index("t", nested, artifact);

        JsonNode inspection =
                JSON.readTree(run("inspect", "r.example/app:t", "-o", "json").out());

        assertThat(inspection.at("/entries/0/kind").asText()).isEqualTo("index");
        assertThat(inspection.at("/entries/1/kind").asText()).isEqualTo("artifact");
        assertThat(inspection.at("/entries/1/artifactType").asText()).isEqualTo("text/x");
        assertThat(inspection.at("/entries/1/platform").isNull()).isTrue();
    }

    @Test
    void whatDoesNotExistEndsWithOneAndWhatCannotBeReadWithTwo() {
        registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);

        CommandRun.Result gone = run("inspect", "r.example/app:gone");
        CommandRun.Result down = run("inspect", "r.example/app:down");

        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).startsWith("stowage: r.example/app:gone: NotFound: ");
        assertThat(down.code()).isEqualTo(2);
        assertThat(down.err()).startsWith("stowage: r.example/app:down: Unavailable: ");
    }

    @Test
    void anInvalidReferenceIsBadUsage() {
        CommandRun.Result result = run("inspect", "r.example/App:t");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).startsWith("stowage: invalid image reference \"r.example/App:t\": ");
    }

    @Test
    void explainingABuildxPushSaysWhatEachClientSees() throws Exception {
        images.index("t", amd64, images.attestation(amd64));

        JsonNode inspection = explain("r.example/app:t");
        JsonNode views = inspection.get("explanation");

        assertThat(says(views, "docker-cli-20.10", false))
                .contains("reads the index and then fails with \"no such manifest\"")
                .contains("2 of 2 are OCI manifests, " + amd64.digest().abbreviated() + " (linux/amd64) first");
        assertThat(says(views, "docker-types-only", false)).contains("404 MANIFEST_UNKNOWN", "it is an OCI index");
        assertThat(says(views, "docker-manifest-create", false))
                .contains("\"r.example/app:t is a manifest list\"", "docker buildx imagetools create -t TARGET");
        assertThat(says(views, "other-repository", false)).contains("manifest blob unknown");
        assertThat(says(views, "aws-lambda", false))
                .contains("this is an index of 2. Build for one platform with --provenance=false --sbom=false, or name")
                .endsWith("such as r.example/app@" + amd64.digest() + " (linux/amd64).");
        assertThat(says(views, "cloud-run-before-2023-02", false))
                .contains(
                        "\"Image … not found\"",
                        "the 1 attestation as images of 0 bytes",
                        "--provenance=false --sbom=false");
        assertThat(says(views, "kaniko", true)).contains("--custom-platform", "Attestations are not read");
        assertThat(says(views, "crane-index-append", true)).contains("all 2 entries", "keep their subjects");
        assertThat(says(views, "regctl-index-create", false))
                .contains("--ref r.example/app:t alone nests the index", "leaves attestations out", "stowage merge");
        assertThat(says(views, "podman-manifest-add", true))
                .contains("--all it adds all 2 entries", "the subjects of attestations");
        assertThat(says(views, "node linux/amd64", true)).isEqualTo("Runs " + amd64.digest() + ".");
        assertThat(says(views, "node linux/arm64", false))
                .isEqualTo("The image contains linux/amd64 only (PlatformMissing).");
        assertThat(inspection.get("buildFlags").asText())
                .contains("--provenance=false --sbom=false leaves out the 1 attestation;")
                .contains("--platform linux/amd64,linux/arm64");
    }

    @Test
    void explainingADockerListOfBothPlatformsFindsNothingToMend() throws Exception {
        images.index(
                "t",
                MediaTypes.DOCKER_LIST,
                images.dockerImage(Platform.of("linux", "amd64")),
                images.dockerImage(Platform.of("linux", "arm64")));

        JsonNode inspection = explain("r.example/app:t");
        JsonNode views = inspection.get("explanation");

        assertThat(says(views, "docker-cli-20.10", true)).contains("shows all 2 entries");
        assertThat(says(views, "docker-types-only", true)).contains("gets the linux/amd64 manifest, whatever");
        assertThat(says(views, "docker-manifest-create", false)).contains("is a manifest list");
        assertThat(says(views, "cloud-run-before-2023-02", true)).isEqualTo("It is a Docker manifest list.");
        assertThat(says(views, "kaniko", true)).doesNotContain("Attestations");
        assertThat(says(views, "crane-index-append", true))
                .contains("all 2 entries")
                .doesNotContain("subjects");
        assertThat(says(views, "regctl-index-create", true))
                .contains("--platform for each")
                .doesNotContain("attestations");
        assertThat(says(views, "podman-manifest-add", true)).doesNotContain("attestations");
        assertThat(inspection.get("buildFlags").asText()).isEqualTo("None needed.");
    }

    @Test
    void explainingADockerListOfOciManifestsSaysThatTheyAreNotFound() throws Exception {
        images.index("t", MediaTypes.DOCKER_LIST, amd64);

        JsonNode inspection = explain("r.example/app:t");
        JsonNode views = inspection.get("explanation");

        assertThat(says(views, "docker-cli-20.10", false)).contains("1 of 1 are OCI manifests");
        assertThat(says(views, "docker-types-only", false)).contains("404 for the 1 entries that are OCI manifests");
    }

    @Test
    void explainingASingleOciManifest() throws Exception {
        images.image("t", Platform.of("linux", "amd64"));

        JsonNode inspection = explain("r.example/app:t");
        JsonNode views = inspection.get("explanation");

        assertThat(says(views, "docker-cli-20.10", false))
                .contains("before 23.0 the CLI does not accept OCI manifests");
        assertThat(says(views, "docker-manifest-create", true)).contains("docker 23.0 and newer take it");
        assertThat(says(views, "aws-lambda", true)).contains("single manifest");
        assertThat(says(views, "regctl-index-create", true)).isEqualTo("It is added with the platform of its config.");
        assertThat(says(views, "node linux/amd64", true)).isEqualTo("Runs the image.");
        assertThat(says(views, "node linux/arm64", false)).contains("(ConfigMismatch)");
    }

    @Test
    void explainingAnImageThatLambdaDoesNotRun() throws Exception {
        images.image("t", Platform.of("linux", "s390x"));

        assertThat(says(explain("r.example/app:t").get("explanation"), "aws-lambda", false))
                .isEqualTo("Lambda runs linux/amd64 and linux/arm64; this is linux/s390x.");
    }

    @Test
    void explainingASubPlatformTellsTheRuntimesApart() throws Exception {
        images.index("t", images.image(Platform.of("linux", "386")));

        JsonNode inspection = explain("r.example/app:t");
        JsonNode views = inspection.get("explanation");

        assertThat(says(views, "node linux/amd64 with containerd-1, containerd-2.0, containerd-local, docker", true))
                .startsWith("Runs sha256:");
        assertThat(says(views, "node linux/amd64 with containerd-2.3, containerd-2.1", false))
                .contains("(NotFetched)");
        assertThat(says(views, "node linux/amd64 with cri-o", false)).contains("(PlatformMissing)");
    }

    @Test
    void explainingAChartKnowsNoBuildFlags() throws Exception {
        images.chart("t");

        JsonNode inspection = explain("r.example/app:t");

        assertThat(inspection.get("buildFlags").asText())
                .isEqualTo("None: it is a Helm chart and was not built as an image.");
    }

    static Stream<Shape> shapes() {
        return Shapes.all();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShapeCanBeExplained(Shape shape) throws Exception {
        MemoryRegistry own = new MemoryRegistry();
        String image = "r.example/app" + shape.store(own);

        CommandRun.Result result = CommandRun.with(own).run("inspect", image, "--explain", "-o", "json");

        if (result.code() == 0) {
            assertThat(JSON.readTree(result.out()).at("/explanation").size()).isGreaterThanOrEqualTo(6);
            assertThat(result.err()).isEmpty();
        } else {
            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).startsWith("stowage: " + image + ": ");
            assertThat(result.out()).isEmpty();
        }
    }

    private JsonNode explain(String image) throws Exception {
        CommandRun.Result result = run("inspect", image, "--explain", "-o", "json");
        assertThat(result.code()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private static String says(JsonNode views, String who, boolean works) {
        List<String> known = new ArrayList<>();
        for (JsonNode view : views) {
            known.add(view.get("client").asText());
            if (view.get("client").asText().equals(who)) {
                assertThat(view.get("works").asBoolean()).as(view.toString()).isEqualTo(works);
                return view.get("message").asText();
            }
        }
        throw new AssertionError(who + " is none of " + known);
    }

    private CommandRun.Result run(String... args) {
        return CommandRun.with(registry).run(args);
    }
}
