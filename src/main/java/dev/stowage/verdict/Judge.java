package dev.stowage.verdict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.resolve.Selection;
import dev.stowage.verdict.Assessor.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns what a node would pull of an image into a verdict. The node decides where registries and tools disagree; where
 * Stowage is stricter than a node (a single manifest of another architecture is pulled and then fails), the message says so.
 */
public final class Judge {

    private static final int REMEMBERED = 10_000;

    /** The content of an index does not change, and going through a large one for each review would take long. */
    private record Held(List<Platform> platforms, int attestations) {
        static Held of(Index index) {
            int attestations = (int)
                    index.entries().stream().filter(Attestation::isIgnored).count();
            return new Held(List.copyOf(Offer.of(index).platforms()), attestations);
        }
    }

    /** By the identity of an index, which the resolver reads once. */
    private final Cache<Index, Held> held = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /**
     * Judges an image for one profile.
     *
     * @param image the image, resolved for this profile
     * @param profile the profile
     * @param purpose what the image is for
     */
    public Verdict judge(ResolvedImage image, NodeProfile profile, Purpose purpose) {
        Selection selection = image.selections().get(profile);
        if (selection instanceof Selection.Unreadable unreadable) {
            return FailureVerdict.of(unreadable);
        }
        if (selection instanceof Selection.Nothing nothing) {
            return NothingVerdict.of(nothing, image.index().orElseThrow(), profile);
        }
        return ofTaken((Selection.Taken) selection, image, profile, purpose);
    }

    private static Verdict ofTaken(Selection.Taken taken, ResolvedImage image, NodeProfile profile, Purpose purpose) {
        if (taken.entry().map(Attestation::poses).orElse(false)) {
            return poses(taken.entry().get());
        }
        Optional<String> notAnImage = taken.manifest().flatMap(Manifest::notAnImage);
        if (notAnImage.isPresent()) {
            return ofOther(taken, notAnImage.get(), image, profile, purpose);
        }
        if (!taken.fetched()) {
            return notFetched(taken.entry().orElseThrow(), profile);
        }
        Verdict byConfig = taken.config()
                .map(config -> ConfigVerdict.of(config.platform(), taken.entry(), profile, purpose))
                .orElseGet(() -> new Verdict.Runs(List.of()));
        return byConfig instanceof Verdict.Runs runs ? withWarnings(runs, taken, image, profile) : byConfig;
    }

    private static Verdict poses(Descriptor entry) {
        return new Verdict.DoesNotRun(
                Reason.MISLEADING_ATTESTATION,
                "the first entry for " + entry.platform().orElseThrow() + " ("
                        + entry.digest().abbreviated()
                        + ") is an attestation, and a node would pull it; push the image again with a current Buildx");
    }

    private static Verdict ofOther(
            Selection.Taken taken, String what, ResolvedImage image, NodeProfile profile, Purpose purpose) {
        Manifest manifest = taken.manifest().orElseThrow();
        if (manifest.isWasm()) {
            return ConfigVerdict.wasm(purpose);
        }
        if (taken.entry().map(Attestation::isIgnored).orElse(false)) {
            return NothingVerdict.attestationFirst(taken.entry().get());
        }
        boolean mountable = purpose == Purpose.MOUNT && profile.runtime() == RuntimeFamily.CRIO;
        if (mountable) {
            return new Verdict.Runs(List.of());
        }
        boolean hidesImages = taken.entry().isPresent()
                && image.index().map(index -> !Offer.of(index).isEmpty()).orElse(false);
        return hidesImages
                ? NothingVerdict.missing(image.index().orElseThrow(), profile)
                : new Verdict.DoesNotRun(Reason.NOT_AN_IMAGE, "is " + what + ", not an image");
    }

    private static Verdict notFetched(Descriptor entry, NodeProfile profile) {
        Platform claimed = entry.platform().orElseThrow().normalized();
        return new Verdict.DoesNotRun(
                Reason.NOT_FETCHED,
                "contains " + claimed
                        + " only, which containerd 2.1 and newer select but do not fetch (\"content not found\");"
                        + " build " + profile.platform());
    }

    private static Verdict withWarnings(
            Verdict.Runs runs, Selection.Taken taken, ResolvedImage image, NodeProfile profile) {
        List<String> warnings = new ArrayList<>(runs.warnings());
        taken.entry().flatMap(Descriptor::platform).ifPresent(claimed -> {
            EntryWarnings.of(claimed, profile).forEach(warning -> {
                if (!warnings.contains(warning)) {
                    warnings.add(warning);
                }
            });
        });
        if (taken.manifest().map(Manifest::isEncrypted).orElse(false)) {
            warnings.add("has encrypted layers, which only nodes with the key can unpack");
        }
        return new Verdict.Runs(warnings);
    }

    /** The content of the image, for messages and reports. */
    public ImageContents contents(ResolvedImage image) {
        Optional<Index> index = image.index();
        if (index.isEmpty()) {
            List<Platform> platform = image.config()
                    .map(config -> List.of(config.platform().normalized()))
                    .orElse(List.of());
            return new ImageContents(image.digest(), false, platform, 0, document(image));
        }
        Held there = held.get(index.get(), Held::of);
        return new ImageContents(image.digest(), true, there.platforms(), there.attestations(), document(image));
    }

    private static Optional<Document> document(ResolvedImage image) {
        return image.document().fold(Optional::of, failed -> Optional.empty());
    }
}
