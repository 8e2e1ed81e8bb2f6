package dev.stowage.verdict;

import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessor.Purpose;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The verdicts on an image that were known before this process started.
 *
 * @param purpose what the verdicts are for
 * @param contents what the image contains; its digest is present, its document absent
 * @param verdicts only those that the engine would give again for this digest, with the same message
 */
public record VerdictSeed(Purpose purpose, ImageContents contents, Map<NodeProfile, Verdict> verdicts) {

    /** @throws IllegalArgumentException when the digest is not known */
    public VerdictSeed {
        Objects.requireNonNull(purpose, "purpose");
        if (contents.digest().isEmpty()) {
            throw new IllegalArgumentException("a seed needs the digest of the image");
        }
        verdicts = Map.copyOf(verdicts);
    }

    /** The digest of the assessed image. */
    public Digest digest() {
        return contents.digest().orElseThrow();
    }

    /** The same with the verdicts of an older seed for further profiles, when both are about the same digest and purpose. */
    VerdictSeed with(VerdictSeed older) {
        if (!digest().equals(older.digest()) || purpose != older.purpose()) {
            return this;
        }
        Map<NodeProfile, Verdict> all = new HashMap<>(older.verdicts());
        all.putAll(verdicts);
        return new VerdictSeed(purpose, contents, all);
    }
}
