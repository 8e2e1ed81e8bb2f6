package dev.stowage.cli.scan;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: work that is waited for is given up, and the process ends after what is known has been written. Java then exits with the code
 * of the signal, 130.
 */
final class Interruption implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final CompletableFuture<Void> interrupted = new CompletableFuture<>();
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "interruption");

    /** From now until it is closed the end of the process waits for what is to be written. */
    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt() {
        interrupted.complete(null);
        try {
            if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for work.
     *
     * @return whether it ended by itself
     */
    boolean await(CompletableFuture<?> work) {
        try {
            CompletableFuture.anyOf(work, interrupted).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
        return !interrupted.isDone();
    }

    @Override
    public void close() {
        written.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends already
        }
    }
}
