package dev.stowage.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    @Test
    void threadsAreNumberedDaemons() {
        ThreadFactory factory = DaemonThreads.factory("reader");
        Thread first = factory.newThread(() -> {});
        Thread second = factory.newThread(() -> {});

        assertThat(first.getName()).isEqualTo("reader-1");
        assertThat(second.getName()).isEqualTo("reader-2");
        assertThat(first.isDaemon()).isTrue();
    }

    @Test
    void aPoolRejectsWhatItsQueueCannotTake() {
        ThreadPoolExecutor pool = DaemonThreads.pool("reader", 1, 1);
        CompletableFuture<Void> release = new CompletableFuture<>();
        try {
            pool.execute(release::join);
            CompletableFuture<Thread> queued = CompletableFuture.supplyAsync(Thread::currentThread, pool);

            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            release.complete(null);
            assertThat(queued.join().getName()).isEqualTo("reader-1");
            assertThat(pool.allowsCoreThreadTimeOut()).isTrue();
        } finally {
            release.complete(null);
            pool.shutdownNow();
        }
    }
}
