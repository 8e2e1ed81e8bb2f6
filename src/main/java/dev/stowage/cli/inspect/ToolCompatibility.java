package dev.stowage.cli.inspect;

import dev.stowage.cli.output.Inspection.View;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.oci.MediaTypes;
import java.util.List;

/**
 * Compatibility of an image with services of before Buildx 0.10 and with tools that build on it or put indexes together; the sources are in
 * docs/attestations.md.
 */
final class ToolCompatibility {

    private static final String WITHOUT = "--provenance=false --sbom=false";

    private ToolCompatibility() {}

    static List<View> of(Document document, String name) {
        return document instanceof Index index
                ? List.of(cloudRun(index), kaniko(index), crane(index), regctl(index, name), podman(index))
                : List.of(
                        new View("cloud-run-before-2023-02", true, "It is a single manifest."),
                        new View("kaniko", true, "FROM takes it, whatever its platform: it is a single manifest."),
                        new View("crane-index-append", true, "It is added with the platform of its config."),
                        new View("regctl-index-create", true, "It is added with the platform of its config."),
                        new View("podman-manifest-add", true, "It is added with the platform of its config."));
    }

    /** docker/buildx#1533, docker/build-push-action#755. */
    private static View cloudRun(Index index) {
        String who = "cloud-run-before-2023-02";
        if (!MediaTypes.OCI_INDEX.equals(index.mediaType())) {
            return new View(who, true, "It is a Docker manifest list.");
        }
        long attestations = attestations(index);
        String console = attestations > 0
                ? " Container Registry listed the " + attestations + " attestation" + (attestations == 1 ? "" : "s")
                        + " as images of 0 bytes."
                : "";
        return new View(
                who,
                false,
                "Google Cloud Run did not take OCI indexes: a deployment failed with \"Image … not found\"." + console
                        + " Today's Cloud Run and Artifact Registry take them; for anything older, build with "
                        + WITHOUT + ".");
    }

    /** GoogleContainerTools/kaniko, pkg/image/remote/remote.go. */
    private static View kaniko(Index index) {
        String lost = attestations(index) > 0
                ? " Attestations are not read, and what is built has none: kaniko makes none."
                : "";
        return new View(
                "kaniko", true, "FROM takes the entry of the builder's own platform, or of --custom-platform." + lost);
    }

    /** google/go-containerregistry, cmd/crane/cmd/index.go. */
    private static View crane(Index index) {
        return new View(
                "crane-index-append",
                true,
                "-m adds all " + index.entries().size() + " entries, with their platforms and annotations"
                        + (attestations(index) > 0 ? ": attestations keep their subjects" : "")
                        + ". With --flatten=false it nests the index instead, which CRI-O and others do not read.");
    }

    /** regclient/regclient, cmd/regctl/index.go. */
    private static View regctl(Index index, String name) {
        String nests =
                "--ref " + name + " alone nests the index, which CRI-O and others do not read. With --platform for each"
                        + " platform it takes these entries";
        return attestations(index) > 0
                ? new View(
                        "regctl-index-create",
                        false,
                        nests
                                + " and leaves attestations out; with --platform unknown/unknown too it takes them, but without"
                                + " the annotations that name their subjects. Use stowage merge, or build with "
                                + WITHOUT
                                + ".")
                : new View("regctl-index-create", true, nests + ".");
    }

    /** containers/common, libimage/manifests/manifests.go; buildah#5549. */
    private static View podman(Index index) {
        String one =
                "podman manifest add adds one image of an index, that of the machine's own platform; with --all it adds all "
                        + index.entries().size() + " entries";
        return attestations(index) > 0
                ? new View(
                        "podman-manifest-add",
                        true,
                        one + " with their annotations, which older versions lose, and with them the subjects of"
                                + " attestations. podman manifest push needs --all too.")
                : new View("podman-manifest-add", true, one + ". podman manifest push needs --all too.");
    }

    private static long attestations(Index index) {
        return index.entries().stream().filter(Attestation::isAnnotated).count();
    }
}
