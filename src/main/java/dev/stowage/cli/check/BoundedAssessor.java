package dev.stowage.cli.check;

import dev.stowage.async.Deadline;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks an engine the same question once, and only so many questions at a time: hundreds of images in one manifest are neither
 * requested one after the other nor all at once.
 */
final class BoundedAssessor implements Assessor {

    private record Question(String image, Purpose purpose, Set<NodeProfile> profiles, Verification verification) {}

    private final Assessor assessor;
    private final int atOnce;
    private final Runnable whenOneIsAnswered;
    private final Map<Question, CompletableFuture<ImageAssessment>> asked = new HashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /**
     * @param assessor the engine
     * @param atOnce how many questions at a time
     * @param whenOneIsAnswered called after each answer, from any thread
     */
    BoundedAssessor(Assessor assessor, int atOnce, Runnable whenOneIsAnswered) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
        this.atOnce = atOnce;
        this.whenOneIsAnswered = Objects.requireNonNull(whenOneIsAnswered, "whenOneIsAnswered");
    }

    @Override
    public CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline) {
        Question question = new Question(image, purpose, Set.copyOf(profiles), verification);
        CompletableFuture<ImageAssessment> answer = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<ImageAssessment> earlier = asked.putIfAbsent(question, answer);
            if (earlier != null) {
                return earlier.copy();
            }
            waiting.add(() ->
                    ask(() -> assessor.assess(image, purpose, profiles, verification, keyring, deadline), answer));
        }
        askNext();
        return answer.copy();
    }

    /** How many different images were requested. */
    synchronized int images() {
        return (int) asked.keySet().stream().map(Question::image).distinct().count();
    }

    private void ask(Supplier<CompletableFuture<ImageAssessment>> question, CompletableFuture<ImageAssessment> answer) {
        question.get().whenComplete((assessment, fault) -> {
            synchronized (this) {
                running--;
            }
            whenOneIsAnswered.run();
            if (fault == null) {
                answer.complete(assessment);
            } else {
                answer.completeExceptionally(fault);
            }
            askNext();
        });
    }

    private void askNext() {
        Runnable next;
        synchronized (this) {
            if (running >= atOnce || waiting.isEmpty()) {
                return;
            }
            running++;
            next = waiting.remove();
        }
        next.run();
    }
}
