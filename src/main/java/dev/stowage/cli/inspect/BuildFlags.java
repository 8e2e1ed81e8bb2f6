package dev.stowage.cli.inspect;

import dev.stowage.oci.Attestation;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.verdict.Judge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which flags of {@code docker buildx build} change what clients and nodes make of an image. */
final class BuildFlags {

    private static final List<Platform> USUAL = List.of(Platform.of("linux", "amd64"), Platform.of("linux", "arm64"));

    private BuildFlags() {}

    static String of(ResolvedImage image) {
        Optional<String> other = image.document()
                .fold(
                        document -> document instanceof Manifest manifest
                                ? manifest.notAnImage()
                                : Optional.<String>empty(),
                        failure -> Optional.<String>empty());
        if (other.isPresent()) {
            return "None: it is " + other.get() + " and was not built as an image.";
        }
        List<String> advice = new ArrayList<>();
        attestations(image).ifPresent(advice::add);
        platforms(image).ifPresent(advice::add);
        mediaTypes(image).ifPresent(advice::add);
        return advice.isEmpty() ? "None needed." : String.join(" ", advice);
    }

    private static Optional<String> attestations(ResolvedImage image) {
        return image.index().flatMap(index -> {
            long attestations =
                    index.entries().stream().filter(Attestation::isAnnotated).count();
            if (attestations == 0) {
                return Optional.empty();
            }
            String then = index.entries().size() - attestations == 1
                    ? "; one platform alone is then pushed as a single manifest, not as an index"
                    : "";
            return Optional.of("--provenance=false --sbom=false leaves out the " + attestations + " attestation"
                    + (attestations == 1 ? "" : "s") + then + ".");
        });
    }

    private static Optional<String> platforms(ResolvedImage image) {
        List<Platform> offered = new ArrayList<>(new Judge().contents(image).platforms());
        List<Platform> wanted = new ArrayList<>(offered);
        USUAL.stream().filter(platform -> !wanted.contains(platform)).forEach(wanted::add);
        if (wanted.size() == offered.size()) {
            return Optional.empty();
        }
        return Optional.of("--platform "
                + String.join(",", wanted.stream().map(Platform::toString).toList())
                + " in one build adds the missing platforms to one index; two builds that push the same tag replace each"
                + " other.");
    }

    private static Optional<String> mediaTypes(ResolvedImage image) {
        boolean oci = image.document()
                .fold(
                        document -> ClientCompatibility.isOci(document.mediaType())
                                || MediaTypes.OCI_INDEX.equals(document.mediaType())
                                || document instanceof Index index
                                        && index.entries().stream()
                                                .anyMatch(entry -> ClientCompatibility.isOci(entry.mediaType())),
                        failure -> false);
        return oci
                ? Optional.of(
                        "--output type=image,push=true,oci-mediatypes=false --provenance=false --sbom=false pushes"
                                + " Docker's media types, for clients that know no others.")
                : Optional.empty();
    }
}
