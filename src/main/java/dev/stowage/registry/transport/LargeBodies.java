package dev.stowage.registry.transport;

import dev.stowage.async.FairQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds the memory of bodies that are being read: beyond their first bytes, a few are read at a time. The others wait, and their
 * senders with them.
 */
final class LargeBodies {

    /** How many bytes of a body are read without waiting; nearly all manifests and configs are smaller. */
    static final int SMALL = 128 * 1024;

    /** With 8 MiB each at most, which are copied once. */
    private static final FairQueue.Limits LIMITS = new FairQueue.Limits(4, 2, 256, 128);

    private final FairQueue queue = new FairQueue(LIMITS);

    /**
     * Waits for a place.
     *
     * @param body completes when the body has been read, or is no longer wanted
     * @param resume goes on with reading
     */
    void await(String owner, CompletableFuture<?> body, Runnable resume) {
        CompletableFuture<Object> turn = queue.submit(owner, () -> {
            resume.run();
            return body.handle((read, failure) -> "read");
        });
        body.whenComplete((read, failure) -> turn.cancel(true));
        turn.exceptionally(failure -> {
            body.completeExceptionally(failure);
            return "";
        });
    }
}
