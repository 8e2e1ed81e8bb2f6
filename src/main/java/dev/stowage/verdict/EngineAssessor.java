package dev.stowage.verdict;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.image.Printable;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.resolve.ResolvedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The engine: reads a reference, resolves it, judges it. */
public final class EngineAssessor implements Assessor {

    private final String defaultRegistry;
    private final ImageResolver resolver;
    private final Judge judge;
    private final Consumer<ResolvedImage> resolvedImages;

    /** An engine whose resolved images are only judged; see the other constructor. */
    public EngineAssessor(String defaultRegistry, ImageResolver resolver, Judge judge) {
        this(defaultRegistry, resolver, judge, image -> {});
    }

    /**
     * @param defaultRegistry the registry of names that carry none, usually {@code docker.io}
     * @param resolver resolves references
     * @param judge judges what was resolved
     * @param resolvedImages is notified of each image that was resolved, before its assessment is complete; from any thread
     */
    public EngineAssessor(
            String defaultRegistry, ImageResolver resolver, Judge judge, Consumer<ResolvedImage> resolvedImages) {
        this.defaultRegistry = Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        this.resolver = Objects.requireNonNull(resolver, "resolver");
        this.judge = Objects.requireNonNull(judge, "judge");
        this.resolvedImages = Objects.requireNonNull(resolvedImages, "resolvedImages");
    }

    @Override
    public CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline) {
        if (image.isBlank()) {
            return withoutRequest(
                    image,
                    profiles,
                    new Verdict.Undetermined(
                            Reason.NO_REFERENCE, "no image is named yet; a controller may fill it in"));
        }
        if (!image.equals(image.strip())) {
            // valid in a template only, where a controller may still replace it
            return withoutRequest(
                    image,
                    profiles,
                    new Verdict.Undetermined(Reason.NO_REFERENCE, "has whitespace around the reference; remove it"));
        }
        ImageReference reference;
        try {
            reference = ImageReference.parse(image, defaultRegistry);
        } catch (InvalidReferenceException e) {
            return withoutRequest(
                    image,
                    profiles,
                    new Verdict.DoesNotRun(Reason.INVALID_REFERENCE, "is not a valid image reference: " + e.reason()));
        }
        boolean readsManifests = verification == Verification.MANIFESTS;
        return CancellableFutures.then(
                CancellableFutures.detached(keyring.credentialsFor(reference.repository(), deadline)),
                answer -> answer.fold(
                        credentials -> CancellableFutures.map(
                                resolver.resolve(reference, profiles, readsManifests, credentials, deadline),
                                read -> judged(read, profiles, purpose, keyring, credentials.problems())),
                        failure -> CompletableFuture.completedFuture(judged(
                                ResolvedImage.unreadable(reference, profiles, failure),
                                profiles,
                                purpose,
                                keyring,
                                List.of()))));
    }

    private ImageAssessment judged(
            ResolvedImage resolved,
            Set<NodeProfile> profiles,
            Purpose purpose,
            Keyring keyring,
            List<String> problems) {
        resolvedImages.accept(resolved);
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        for (NodeProfile profile : profiles) {
            Verdict verdict = judge.judge(resolved, profile, purpose);
            verdicts.put(profile, VerdictQualifier.of(verdict, resolved, keyring, problems));
        }
        return new ImageAssessment(resolved.reference().toString(), judge.contents(resolved), verdicts);
    }

    private static CompletableFuture<ImageAssessment> withoutRequest(
            String image, Set<NodeProfile> profiles, Verdict verdict) {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        profiles.forEach(profile -> verdicts.put(profile, verdict));
        return CompletableFuture.completedFuture(
                new ImageAssessment(Printable.of(image), ImageContents.UNKNOWN, verdicts));
    }
}
