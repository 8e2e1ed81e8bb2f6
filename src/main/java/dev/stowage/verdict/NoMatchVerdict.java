package dev.stowage.verdict;

import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.resolve.Selection.None;
import java.util.Optional;

/** The verdict if a runtime finds no match for its platform, with what it would have needed. */
final class NoMatchVerdict {

    private NoMatchVerdict() {}

    /** @param top the index, if the image is one */
    static Verdict of(None none, Optional<Index> top, NodeProfile profile) {
        return switch (none.cause()) {
            case SCHEMA_1 ->
                new Verdict.DoesNotRun(
                        Reason.NOT_AN_IMAGE,
                        "is a Docker schema 1 manifest, which "
                                + profile.runtime().label() + " does not support; push it again with a current tool");
            case NYDUS -> ManifestVerdict.nydus(profile.runtime());
            default -> ofIndex(none, top.orElseThrow(), profile);
        };
    }

    private static Verdict ofIndex(None none, Index index, NodeProfile profile) {
        return switch (none.cause()) {
            case SCHEMA_1, NYDUS -> throw new IllegalArgumentException(String.valueOf(none.cause()));
            case NESTED_BESIDE_OTHERS ->
                new Verdict.DoesNotRun(
                        Reason.NESTED_INDEX,
                        "has the nested index " + shortDigest(none)
                                + " without platform next to entries for other platforms,"
                                + " which containerd fails to pull (\"content not found\"); push one flat index"
                                + " (docker buildx imagetools create)");
            case EMPTY ->
                new Verdict.DoesNotRun(
                        Reason.EMPTY_INDEX, "is an empty index, without any manifest; push the image again");
            case NO_MATCH -> missing(index, profile);
            case FIRST_WITHOUT_PLATFORM -> firstWithoutPlatform(none, index, profile);
            case NESTED_REFUSED ->
                new Verdict.DoesNotRun(
                        Reason.NESTED_INDEX,
                        "has a nested index for this platform, which "
                                + profile.runtime().label()
                                + " rejects; push one flat index (docker buildx imagetools create)");
            case NESTED_WITHOUT_MATCH ->
                new Verdict.DoesNotRun(
                        Reason.NESTED_INDEX,
                        "has nothing for this platform in the nested index " + shortDigest(none)
                                + ", and a node tries only that one; push one flat index (docker buildx imagetools create)");
            case NESTED_TOO_DEEP ->
                new Verdict.Undetermined(
                        Reason.NESTED_INDEX, "nests indexes deeper than Stowage follows; push one flat index");
            case UNKNOWN_TYPE ->
                new Verdict.DoesNotRun(
                        Reason.NOT_AN_IMAGE,
                        "the entry that a node would pull (" + shortDigest(none)
                                + ") is neither an image nor an index; its media type is \""
                                + none.obstacle()
                                        .map(Descriptor::mediaType)
                                        .map(Printable::of)
                                        .orElse("") + "\"");
        };
    }

    /** The index contains other platforms, or none that any node could run. */
    static Verdict missing(Index index, NodeProfile profile) {
        OfferedPlatforms offer = OfferedPlatforms.of(index);
        if (offer.isEmpty()) {
            return new Verdict.DoesNotRun(Reason.UNKNOWN_PLATFORM, unknownPlatform(index));
        }
        Platform wanted = profile.platform();
        Optional<Platform> byFeatures = offer.platforms().stream()
                .filter(platform -> !platform.osFeatures().isEmpty() && isLike(platform, wanted))
                .findFirst();
        if (byFeatures.isPresent() && profile.runtime().comparesOsFeatures()) {
            return byFeatures.get().isNydus()
                    ? ManifestVerdict.nydus(profile.runtime())
                    : new Verdict.DoesNotRun(
                            Reason.PLATFORM_MISSING,
                            "contains " + offer.inWords()
                                    + " only, and containerd 2.3 and newer take no entry that requires"
                                    + " os.features; build it without them");
        }
        Optional<Platform> writtenOddly = index.entries().stream()
                .filter(entry -> !Attestation.isAnnotated(entry))
                .flatMap(entry -> entry.platform().stream())
                .filter(platform -> platform.normalized().equals(wanted) && !platform.equals(wanted))
                .findFirst();
        if (writtenOddly.isPresent()) {
            return new Verdict.DoesNotRun(
                    Reason.PLATFORM_MISSING,
                    "names " + wanted + " as \"" + Printable.of(asWritten(writtenOddly.get())) + "\", which "
                            + profile.runtime().label() + " does not match; build it again with the usual name");
        }
        return new Verdict.DoesNotRun(
                Reason.PLATFORM_MISSING, "contains " + offer.inWords() + " only" + hint(offer, wanted));
    }

    private static boolean isLike(Platform offered, Platform wanted) {
        return offered.os().equals(wanted.os())
                && offered.architecture().equals(wanted.architecture())
                && offered.variant().equals(wanted.variant());
    }

    private static String unknownPlatform(Index index) {
        if (onlyAttestations(index)) {
            return "contains only attestations (unknown/unknown) and no image; push the image itself";
        }
        boolean named = index.entries().stream()
                .flatMap(entry -> entry.platform().stream())
                .anyMatch(platform -> !platform.architecture().isEmpty());
        return named
                ? "contains only unknown/unknown, which no node runs; set the platform when you build it"
                : "names no architecture: its entry names an empty platform, which no node takes; set the platform when you"
                        + " build it";
    }

    static Verdict attestationFirst(Descriptor attestation) {
        return new Verdict.DoesNotRun(
                Reason.MISLEADING_ATTESTATION,
                "lists the attestation " + attestation.digest().abbreviated()
                        + " first among its entries without platform, and a node tries only the first");
    }

    private static Verdict firstWithoutPlatform(None none, Index index, NodeProfile profile) {
        OfferedPlatforms offer = OfferedPlatforms.of(index);
        if (!offer.isEmpty()) {
            return missing(index, profile);
        }
        Descriptor first = none.obstacle().orElseThrow();
        if (Attestation.isIgnored(first)) {
            return attestationFirst(first);
        }
        Optional<String> notAnImage = none.manifest().flatMap(Manifest::notAnImage);
        if (notAnImage.isPresent()) {
            return new Verdict.DoesNotRun(
                    Reason.NOT_AN_IMAGE, "is an index of " + notAnImage.get() + ", not of images");
        }
        Platform found = none.config().orElseThrow().platform();
        if (found.isUnknown()) {
            return new Verdict.DoesNotRun(
                    Reason.UNKNOWN_PLATFORM,
                    "contains only unknown/unknown, according to the config of its entry without platform");
        }
        String others = offer.unnamed() > 1 ? "; a node tries only the first entry without platform" : "";
        return new Verdict.DoesNotRun(
                Reason.CONFIG_MISMATCH,
                "declares no platform, and the config of its first entry says " + found.normalized() + others);
    }

    private static String hint(OfferedPlatforms offer, Platform wanted) {
        boolean otherVariant = offer.platforms().stream()
                .anyMatch(offered -> offered.os().equals(wanted.os())
                        && offered.architecture().equals(wanted.architecture())
                        && offered.osVersion().isEmpty());
        return otherVariant ? " (nodes match the baseline variant only)" : "";
    }

    private static boolean onlyAttestations(Index index) {
        return index.entries().stream().allMatch(Attestation::isIgnored);
    }

    private static String asWritten(Platform platform) {
        String base = platform.os() + "/" + platform.architecture();
        return platform.variant().isEmpty() ? base : base + "/" + platform.variant();
    }

    private static String shortDigest(None none) {
        return none.obstacle().map(entry -> entry.digest().abbreviated()).orElse("an entry");
    }
}
