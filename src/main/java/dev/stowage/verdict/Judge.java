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
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.resolve.Selection;
import dev.stowage.verdict.Assessor.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns what a node would pull of an image into a verdict. The node decides where registries and tools disagree; where
 * Stowage is stricter than a node (a single manifest of another architecture is pulled and then fails), the message says so.
 */
public final class Judge {

    private static final int REMEMBERED = 10_000;

    /** The content of an index does not change, and going through a large one for each review would take long. */
    private record Contained(List<Platform> platforms, int attestations) {
        static Contained of(Index index) {
            int attestations = (int)
                    index.entries().stream().filter(Attestation::isIgnored).count();
            return new Contained(List.copyOf(OfferedPlatforms.of(index).platforms()), attestations);
        }
    }

    /** By the identity of an index, which the resolver reads once. */
    private final Cache<Index, Contained> contained = Caffeine.newBuilder()
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
        List<NodeProfile> possible = profile.possible();
        Verdict verdict = ofKnownRuntime(image, possible.get(0), purpose);
        return possible.size() == 1
                ? verdict
                : PullModeVerdict.of(verdict, ofKnownRuntime(image, possible.get(1), purpose));
    }

    private static Verdict ofKnownRuntime(ResolvedImage image, NodeProfile profile, Purpose purpose) {
        Selection selection = Objects.requireNonNull(image.selections().get(profile));
        if (selection instanceof Selection.Unreadable unreadable) {
            return FailureVerdict.of(unreadable);
        }
        if (selection instanceof Selection.None none) {
            return NoMatchVerdict.of(none, image.index(), profile);
        }
        return ofSelected((Selection.Selected) selection, image, profile, purpose);
    }

    private static Verdict ofSelected(
            Selection.Selected selected, ResolvedImage image, NodeProfile profile, Purpose purpose) {
        if (selected.entry().map(Attestation::isMisleading).orElse(false)) {
            return isMisleading(selected.entry().get());
        }
        Optional<Verdict> byManifest =
                selected.manifest().flatMap(manifest -> byManifest(manifest, selected, image, profile, purpose));
        if (byManifest.isPresent()) {
            return byManifest.get();
        }
        if (!selected.fetched()) {
            return notFetched(selected.entry().orElseThrow(), profile);
        }
        Verdict byConfig = selected.config()
                .map(config -> ConfigVerdict.of(config.platform(), selected.entry(), profile, purpose))
                .orElseGet(() -> new Verdict.Runs(List.of()));
        return byConfig instanceof Verdict.Runs runs ? withWarnings(runs, selected, profile) : byConfig;
    }

    private static Optional<Verdict> byManifest(
            Manifest manifest, Selection.Selected selected, ResolvedImage image, NodeProfile profile, Purpose purpose) {
        boolean wasm = manifest.isWasm()
                || selected.config()
                        .map(config -> ConfigVerdict.isWasm(config.platform()))
                        .orElse(false);
        if (wasm) {
            return Optional.of(ConfigVerdict.wasm(purpose));
        }
        Optional<String> notAnImage = manifest.notAnImage();
        if (notAnImage.isPresent()) {
            return Optional.of(ofOther(selected, notAnImage.get(), image, profile, purpose));
        }
        return ManifestVerdict.of(manifest, selected.config(), profile.runtime());
    }

    private static Verdict isMisleading(Descriptor entry) {
        return new Verdict.DoesNotRun(
                Reason.MISLEADING_ATTESTATION,
                "the first entry for " + entry.platform().orElseThrow() + " ("
                        + entry.digest().abbreviated()
                        + ") is an attestation, and a node would pull it; push the image again with a current Buildx");
    }

    private static Verdict ofOther(
            Selection.Selected selected, String what, ResolvedImage image, NodeProfile profile, Purpose purpose) {
        if (selected.entry().map(Attestation::isIgnored).orElse(false)) {
            return NoMatchVerdict.attestationFirst(selected.entry().get());
        }
        Manifest manifest = selected.manifest().orElseThrow();
        Optional<Verdict> provided = ManifestVerdict.provided(manifest, what, profile.runtime(), purpose);
        if (provided.isPresent()) {
            return provided.get();
        }
        Optional<Platform> claimed = selected.entry().flatMap(Descriptor::platform);
        if (claimed.isPresent()) {
            return new Verdict.DoesNotRun(
                    Reason.NOT_AN_IMAGE,
                    "the first entry for " + claimed.get() + " is " + what
                            + ", and a node takes no other; list the image first");
        }
        boolean hidesImages = selected.entry().isPresent()
                && image.index()
                        .map(index -> !OfferedPlatforms.of(index).isEmpty())
                        .orElse(false);
        return hidesImages
                ? NoMatchVerdict.missing(image.index().orElseThrow(), profile)
                : ManifestVerdict.artifact(manifest, what, profile.runtime());
    }

    private static Verdict notFetched(Descriptor entry, NodeProfile profile) {
        Platform claimed = entry.platform().orElseThrow().normalized();
        return new Verdict.DoesNotRun(
                Reason.NOT_FETCHED,
                "contains " + claimed
                        + " only, which containerd 2.1 and newer select but do not fetch (\"content not found\");"
                        + " build " + profile.platform());
    }

    private static Verdict withWarnings(Verdict.Runs runs, Selection.Selected selected, NodeProfile profile) {
        List<String> warnings = new ArrayList<>(runs.warnings());
        selected.entry().flatMap(Descriptor::platform).ifPresent(claimed -> {
            EntryWarnings.of(claimed, profile).forEach(warning -> {
                if (!warnings.contains(warning)) {
                    warnings.add(warning);
                }
            });
        });
        if (selected.manifest().map(Manifest::isEncrypted).orElse(false)) {
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
        Contained there = contained.get(index.get(), Contained::of);
        return new ImageContents(image.digest(), true, there.platforms(), there.attestations(), document(image));
    }

    private static Optional<Document> document(ResolvedImage image) {
        return image.document().fold(Optional::of, failed -> Optional.empty());
    }
}
