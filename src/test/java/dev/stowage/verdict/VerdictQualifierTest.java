package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Repository;
import dev.stowage.registry.Content;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.resolve.ResolvedImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VerdictQualifierTest {

    private static final Verdict NOT_FOUND = new Verdict.DoesNotRun(Reason.NOT_FOUND, "the tag does not exist");
    private static final Verdict MISSING = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains linux/amd64 only");

    @Test
    void notFoundIsFinalWithAllCredentialsAtHand() {
        assertThat(VerdictQualifier.of(NOT_FOUND, image(Optional.empty()), Keyring.ANONYMOUS, List.of()))
                .isEqualTo(NOT_FOUND);
    }

    @Test
    void notFoundIsOpenWhileAPullSecretCouldNotBeRead() {
        Keyring lacking = keyring(false, "the right to get secrets in shop is missing");

        assertThat(VerdictQualifier.of(NOT_FOUND, image(Optional.empty()), lacking, List.of()))
                .isEqualTo(new Verdict.Undetermined(
                        Reason.UNAUTHORIZED, "the tag does not exist; the right to get secrets in shop is missing"));
    }

    @Test
    void notFoundIsOpenAndTheProblemNamedWhereCredentialsForThisImageCouldNotBeHad() {
        assertThat(VerdictQualifier.of(
                        NOT_FOUND, image(Optional.empty()), Keyring.ANONYMOUS, List.of("plug-in \"x\" failed")))
                .isEqualTo(
                        new Verdict.Undetermined(Reason.UNAUTHORIZED, "the tag does not exist; plug-in \"x\" failed"));
    }

    @Test
    void aMissingPullSecretIsNamedBesideARefusal() {
        Verdict refused = new Verdict.Undetermined(Reason.UNAUTHORIZED, "needs credentials");

        assertThat(VerdictQualifier.of(
                        refused, image(Optional.empty()), keyring(true, "pull secret \"x\" does not exist"), List.of()))
                .isEqualTo(new Verdict.Undetermined(
                        Reason.UNAUTHORIZED, "needs credentials; pull secret \"x\" does not exist"));
    }

    @Test
    void whatToGrantIsNamedBesideARefusalOnly() {
        Verdict refused = new Verdict.Undetermined(Reason.FORBIDDEN, "may not read it");
        Keyring cloud = new Keyring() {
            @Override
            public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(
                    Repository repository, Deadline deadline) {
                return Keyring.ANONYMOUS.credentialsFor(repository, deadline);
            }

            @Override
            public Optional<String> permission(Repository repository) {
                return Optional.of("grant AcrPull on " + repository.registry());
            }
        };

        assertThat(VerdictQualifier.of(refused, image(Optional.empty()), cloud, List.of()))
                .isEqualTo(new Verdict.Undetermined(Reason.FORBIDDEN, "may not read it; grant AcrPull on r.example"));
        assertThat(VerdictQualifier.of(NOT_FOUND, image(Optional.empty()), cloud, List.of()))
                .isEqualTo(NOT_FOUND);
    }

    @Test
    void credentialsDoNotMatterForWhatWasRead() {
        assertThat(VerdictQualifier.of(MISSING, image(Optional.empty()), keyring(false, "x"), List.of()))
                .isEqualTo(MISSING);
    }

    @Test
    void theLastKnownGoodAnswerIsMarkedAsStale() {
        Verdict runs = VerdictQualifier.of(new Verdict.Runs(List.of()), image(stale()), Keyring.ANONYMOUS, List.of());

        assertThat(runs).isInstanceOf(Verdict.Runs.class);
        assertThat(runs.message())
                .isEqualTo(
                        "known only from a registry response 12 min ago; the latest request failed (Unavailable): refused");
    }

    @Test
    void aDenialFromAStaleAnswerGivesItsAge() {
        assertThat(VerdictQualifier.of(MISSING, image(stale()), Keyring.ANONYMOUS, List.of())
                        .message())
                .startsWith("contains linux/amd64 only (from a registry response 12 min ago");
    }

    private static Optional<Content.Stale> stale() {
        return Optional.of(new Content.Stale(
                Duration.ofMinutes(12), RegistryFailure.of(Kind.UNAVAILABLE, "r.example", "x", "refused")));
    }

    private static ResolvedImage image(Optional<Content.Stale> stale) {
        RegistryFailure any = RegistryFailure.of(Kind.INVALID, "r.example", "x", "any");
        return new ResolvedImage(
                ImageReference.parse("r.example/x"),
                Optional.<Digest>empty(),
                new RegistryResult.Failure<>(any),
                Optional.empty(),
                Map.of(),
                stale);
    }

    private static Keyring keyring(boolean complete, String note) {
        return new Keyring() {
            @Override
            public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(
                    Repository repository, Deadline deadline) {
                return CompletableFuture.completedFuture(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
            }

            @Override
            public List<String> notes() {
                return List.of(note);
            }

            @Override
            public boolean complete() {
                return complete;
            }
        };
    }
}
