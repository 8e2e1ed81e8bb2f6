package dev.stowage.serve;

import java.util.Objects;

/**
 * What is gone through again and again before the webhook is ready, so that the first real review meets nothing that is done for
 * the first time. It ends when it is closed, and nothing of it is left then: not in metrics, not in the log, not in decisions.
 */
public interface Rehearsal extends AutoCloseable {

    /** Who answers its reviews. */
    ReviewHandler reviews();

    /**
     * The body of a review. They differ, so that all that reviews need is met.
     *
     * @param number counts the reviews from 0
     */
    byte[] review(int number);

    @Override
    void close();

    /** With the real thing, for handlers whose answers leave no trace: it is asked about images that need no registry. */
    static Rehearsal on(ReviewHandler reviews) {
        Objects.requireNonNull(reviews, "reviews");
        return new Rehearsal() {
            @Override
            public ReviewHandler reviews() {
                return reviews;
            }

            @Override
            public byte[] review(int number) {
                return RehearsalScript.withoutRegistry();
            }

            @Override
            public void close() {
                // the handler is not ours
            }
        };
    }
}
