package dev.stowage.bench.soak;

import dev.stowage.bench.ApiServerConnection.Answer;
import dev.stowage.bench.MadeReview;
import dev.stowage.bench.Reply;
import dev.stowage.soak.Truths;
import dev.stowage.verdict.VerdictQualifier;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The review of a pod that is sent again and again, and what may be answered. */
final class PodReview {

    static final Duration TAG_TTL = Duration.ofSeconds(10);
    static final Duration STALE_FOR = Duration.ofSeconds(30);

    /** How long an answer may take that says what was true when it began, from a registry and from the API server. */
    private static final long ANSWER = Duration.ofSeconds(6).toNanos();

    /** How long errors are remembered, and how long it takes until a registry is tried again. */
    private static final long AFTER_FAULTS = Duration.ofSeconds(15).toNanos();

    private final String uid;
    private final Buffer body;
    private final List<SoakedImage> images;
    private final Truths<Set<String>> nodes;

    /** The last answer and what it says, because nearly all answers to a review are the same. */
    private record Read(Answer answer, Reply reply) {}

    private volatile Read read;

    /**
     * @param nodes the architectures of the nodes on which the pod can be
     */
    PodReview(
            String uid,
            String namespace,
            List<SoakedImage> images,
            Map<String, String> nodeSelector,
            Truths<Set<String>> nodes) {
        this.uid = uid;
        this.images = images;
        this.nodes = nodes;
        this.body = Buffer.buffer(
                MadeReview.unowned(images.stream().map(SoakedImage::reference).toList(), namespace, uid, nodeSelector));
    }

    Buffer body() {
        return body;
    }

    /** What an answer says. */
    Reply read(Answer answer) {
        Read last = read;
        if (last == null
                || last.answer().status() != answer.status()
                || !last.answer().body().equals(answer.body())) {
            last = new Read(answer, Reply.of(answer));
            read = last;
        }
        return last.reply();
    }

    /**
     * What is wrong with an answer that has just come; empty if nothing is.
     *
     * @param sent when the review was sent, in nanoseconds
     */
    Optional<String> objection(Reply reply, long sent) {
        boolean old = VerdictQualifier.isAged(reply.message());
        long since = sent - ANSWER - (old ? STALE_FOR : TAG_TTL).toNanos();
        boolean right = reply.uid().equals(uid)
                && switch (reply.decision()) {
                    case Reply.ADMITTED -> couldRun(sent, since);
                    case Reply.DENIED -> couldFail(sent, since);
                    case Reply.WARNED -> couldBeUnknown(sent, since, reply.message());
                    default -> false;
                };
        return right ? Optional.empty() : Optional.of(inWords(reply, sent));
    }

    private boolean couldRun(long sent, long since) {
        return nodes.anySince(sent - ANSWER, there -> images.stream()
                .allMatch(image -> image.wasFor(since, architectures -> architectures.containsAll(there))));
    }

    private boolean couldFail(long sent, long since) {
        return nodes.anySince(sent - ANSWER, there -> images.stream()
                .anyMatch(image -> image.wasFor(since, architectures -> !architectures.containsAll(there))));
    }

    /** A warning says that an image is known from an earlier answer only, or not at all: only faults of its registry explain that. */
    private boolean couldBeUnknown(long sent, long since, String warnings) {
        long faults = sent - AFTER_FAULTS;
        boolean allKnown = warnings.lines().allMatch(VerdictQualifier::isAged);
        return images.stream().anyMatch(image -> image.faultySince(faults))
                && nodes.anySince(sent - ANSWER, there -> images.stream()
                        .allMatch(image -> (!allKnown && image.faultySince(faults))
                                || image.wasFor(since, architectures -> architectures.containsAll(there))));
    }

    private String inWords(Reply reply, long sent) {
        StringBuilder words = new StringBuilder(uid).append(" is ").append(reply.decision());
        if (!reply.uid().equals(uid)) {
            words.append(" with the uid \"").append(reply.uid()).append('"');
        }
        long took = (System.nanoTime() - sent) / 1_000_000;
        words.append(" after ").append(took).append(" ms, images");
        images.forEach(image -> words.append(' ').append(image.reference()));
        return words.append(": ").append(reply.message().replace('\n', '|')).toString();
    }
}
