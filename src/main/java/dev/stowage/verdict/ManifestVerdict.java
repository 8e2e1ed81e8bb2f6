package dev.stowage.verdict;

import dev.stowage.image.Printable;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Purpose;
import java.util.List;
import java.util.Optional;

/** What the media types of a manifest, its config and its layers say, where runtimes differ about them. */
final class ManifestVerdict {

    private static final String DOCKER_ZSTD_LAYER = "application/vnd.docker.image.rootfs.diff.tar.zstd";

    private ManifestVerdict() {}

    /**
     * The verdict on something that may be an image.
     *
     * @param config its config, if it was read
     * @return empty if manifest and layers do not keep this runtime from running it
     */
    static Optional<Verdict> of(Manifest manifest, Optional<ImageConfig> config, RuntimeFamily runtime) {
        if (manifest.isNydus()) {
            return Optional.of(nydus(runtime));
        }
        Optional<Verdict> byConfigType = byConfigType(manifest, runtime);
        if (byConfigType.isPresent()) {
            return byConfigType;
        }
        if (runtime == RuntimeFamily.CONTAINERD_1
                && manifest.layers().stream().anyMatch(layer -> DOCKER_ZSTD_LAYER.equals(layer.mediaType()))) {
            return Optional.of(new Verdict.Undetermined(
                    Reason.NODE_DEPENDENT,
                    "has zstd layers of Docker's type, which old versions of containerd cannot unpack"));
        }
        return config.flatMap(
                read -> runtime == RuntimeFamily.CRIO ? byAllLayers(manifest, read) : byKnownLayers(manifest, read));
    }

    private static Optional<Verdict> byConfigType(Manifest manifest, RuntimeFamily runtime) {
        if (manifest.hasUntypedConfig() && runtime.isContainerd()) {
            return Optional.of(new Verdict.DoesNotRun(
                    Reason.NOT_AN_IMAGE,
                    "its config has media type " + MediaTypes.OCTET_STREAM
                            + ", which containerd does not accept; pull and push it again with a current client"));
        }
        boolean mixed = MediaTypes.OCI_MANIFEST.equals(manifest.mediaType())
                && MediaTypes.DOCKER_CONFIG.equals(manifest.config().mediaType());
        return mixed && runtime == RuntimeFamily.CRIO
                ? Optional.of(new Verdict.DoesNotRun(
                        Reason.NOT_AN_IMAGE,
                        "is an OCI manifest whose config has Docker's media type, which cri-o does not accept; push it again with"
                                + " a current client"))
                : Optional.empty();
    }

    /** containerd and Docker pass over layers of foreign types, and compare the number of the others with the config. */
    private static Optional<Verdict> byKnownLayers(Manifest manifest, ImageConfig config) {
        return manifest.knownLayers() == config.diffIds()
                ? Optional.empty()
                : Optional.of(new Verdict.DoesNotRun(
                        Reason.INVALID,
                        "has " + layers(manifest.knownLayers(), manifest) + ", but its config names " + config.diffIds()
                                + " (\"number of layers and diffIDs don't match\"); build it again"));
    }

    private static String layers(int known, Manifest manifest) {
        String count = known + (known == 1 ? " layer" : " layers");
        return manifest.foreignLayer()
                .map(type -> count + " of an image's type, next to " + Printable.of(type))
                .orElse(count);
    }

    /** CRI-O unpacks every layer that the config counts, if it is an archive, and refuses those that it does not count. */
    private static Optional<Verdict> byAllLayers(Manifest manifest, ImageConfig config) {
        Optional<String> foreign = manifest.foreignLayer();
        if (foreign.isEmpty()) {
            return Optional.empty();
        }
        String type = Printable.of(foreign.get());
        return Optional.of(
                manifest.layers().size() != config.diffIds()
                        ? new Verdict.DoesNotRun(
                                Reason.NOT_AN_IMAGE, "has a layer of type " + type + ", which cri-o does not accept")
                        : isArchive(foreign.get())
                                ? new Verdict.Runs(
                                        List.of("has a layer of type " + type + ", which must be a tar archive"))
                                : new Verdict.Undetermined(
                                        Reason.NODE_DEPENDENT,
                                        "has a layer of type " + type
                                                + ", which cri-o unpacks only if it is a tar archive"));
    }

    private static boolean isArchive(String layerType) {
        return layerType.contains("tar");
    }

    /** The verdict on what is no image, with a reason that names it. */
    static Verdict artifact(Manifest manifest, String what, RuntimeFamily runtime) {
        boolean onlyForeignLayers = MediaTypes.isImageConfig(manifest.config().mediaType());
        boolean archive = onlyForeignLayers
                && manifest.foreignLayer().map(ManifestVerdict::isArchive).orElse(false);
        return archive && runtime == RuntimeFamily.CRIO
                ? new Verdict.Runs(List.of("is " + what + ", which cri-o unpacks if it is a tar archive"))
                : new Verdict.DoesNotRun(Reason.NOT_AN_IMAGE, "is " + what + ", not an image");
    }

    /** The verdict on an artifact that only provides files; empty where it fails as it does otherwise. */
    static Optional<Verdict> provided(Manifest manifest, String what, RuntimeFamily runtime, Purpose purpose) {
        boolean unpacked = manifest.hasImageConfig() || manifest.knownLayers() > 0;
        boolean passedOver = !unpacked && runtime.isContainerd() && !isOld(runtime);
        return switch (purpose) {
            case MOUNT ->
                runtime == RuntimeFamily.CRIO && !manifest.hasImageConfig()
                        // artifacts of a type of their own are mounted, file by file
                        ? Optional.of(new Verdict.Runs(List.of()))
                        : emptyRoot(passedOver, what, "mounts as an empty directory");
            case DATA -> emptyRoot(passedOver, what, "takes for an empty root file system");
            case RUN, RUN_BY_RUNTIME_CLASS -> Optional.empty();
        };
    }

    private static Optional<Verdict> emptyRoot(boolean passedOver, String what, String how) {
        return passedOver
                ? Optional.of(new Verdict.Runs(List.of("is " + what + ", which containerd " + how)))
                : Optional.empty();
    }

    private static boolean isOld(RuntimeFamily runtime) {
        return runtime == RuntimeFamily.CONTAINERD_1 || runtime == RuntimeFamily.CONTAINERD_2_0;
    }

    static Verdict nydus(RuntimeFamily runtime) {
        return runtime.isContainerd()
                ? new Verdict.Undetermined(
                        Reason.NODE_DEPENDENT,
                        "is a Nydus image, which runs only on nodes whose containerd uses the nydus snapshotter")
                : new Verdict.DoesNotRun(
                        Reason.NOT_AN_IMAGE, "is a Nydus image, which " + runtime.label() + " does not unpack");
    }
}
