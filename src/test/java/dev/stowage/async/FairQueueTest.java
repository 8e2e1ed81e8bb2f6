package dev.stowage.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.async.FairQueue.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    /** What was started, and what each of it completes by. */
    private final Map<String, CompletableFuture<String>> started = new LinkedHashMap<>();

    private FairQueue queue = new FairQueue(new Limits(2, 1, 100, 50));

    private CompletableFuture<String> submit(String owner, String name) {
        return queue.submit(owner, () -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            started.put(name, work);
            return work;
        });
    }

    private void end(String name) {
        started.get(name).complete(name);
    }

    @Test
    @DisplayName("an owner with much work leaves a place to others, and they are served in turn")
    void inTurn() {
        queue = new FairQueue(new Limits(2, 2, 100, 50));
        for (int i = 1; i <= 20; i++) {
            submit("noisy", "noisy" + i);
        }
        submit("a", "a1");
        submit("b", "b1");
        assertThat(started.keySet()).containsExactly("noisy1", "noisy2");

        end("noisy1");
        end("noisy2");
        end("a1");

        assertThat(started.keySet()).containsExactly("noisy1", "noisy2", "a1", "b1", "noisy3");
    }

    @Test
    @DisplayName("an owner has no more places than it may, even if others are free")
    void placesPerOwner() {
        submit("a", "a1");
        submit("a", "a2");
        assertThat(started.keySet()).containsExactly("a1");

        submit("b", "b1");
        assertThat(started.keySet()).containsExactly("a1", "b1");

        end("a1");
        assertThat(started.keySet()).containsExactly("a1", "b1", "a2");
        assertThat(queue.running()).isEqualTo(2);
    }

    @Test
    @DisplayName("results and failures are those of the work")
    void results() {
        CompletableFuture<String> good = submit("a", "good");
        CompletableFuture<String> bad = queue.submit("b", () -> {
            throw new IllegalStateException("no");
        });

        end("good");

        assertThat(good).isCompletedWithValue("good");
        assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(queue.running()).isZero();
    }

    @Test
    @DisplayName("work beyond the bound of its owner is rejected")
    void boundPerOwner() {
        queue = new FairQueue(new Limits(1, 1, 100, 2));
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            results.add(submit("a", "a" + i));
        }

        assertThatThrownBy(results.get(3)::join).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(results.subList(0, 3)).noneMatch(CompletableFuture::isDone);
        assertThat(queue.waiting()).isEqualTo(2);
    }

    @Test
    @DisplayName("in a full queue the owner with the most waiting work gives way, the newest of it first")
    void boundOverAll() {
        queue = new FairQueue(new Limits(1, 1, 3, 3));
        submit("noisy", "noisy0");
        List<CompletableFuture<String>> noisy = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            noisy.add(submit("noisy", "noisy" + i));
        }

        CompletableFuture<String> quiet = submit("quiet", "quiet1");

        assertThatThrownBy(noisy.get(2)::join).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(quiet).isNotDone();
        end("noisy0");
        end("quiet1");
        assertThat(started.keySet()).containsExactly("noisy0", "quiet1", "noisy1");
    }

    @Test
    @DisplayName("cancelled work leaves the queue, or is cancelled where it runs")
    void cancelled() {
        CompletableFuture<String> running = submit("a", "a1");
        CompletableFuture<String> waiting = submit("a", "a2");

        waiting.cancel(true);
        assertThat(queue.waiting()).isZero();

        running.cancel(true);
        assertThat(started.get("a1")).isCancelled();
        assertThat(queue.running()).isZero();
        assertThat(started).doesNotContainKey("a2");
    }

    @Test
    @DisplayName("a long queue of work that completes at once is no deep stack")
    void manyAtOnce() {
        queue = new FairQueue(new Limits(1, 1, 200_000, 200_000));
        submit("a", "first");
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            results.add(queue.submit("a", () -> CompletableFuture.completedFuture("done")));
        }

        end("first");

        assertThat(results).allMatch(result -> result.isDone() && !result.isCompletedExceptionally());
        assertThat(queue.running()).isZero();
        assertThat(queue.waiting()).isZero();
    }
}
