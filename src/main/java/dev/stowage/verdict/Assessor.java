package dev.stowage.verdict;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers the one question of the engine: which nodes can run this image? */
public interface Assessor {

    /** How much is checked beyond what an index claims. */
    enum Verification {
        /** The index is believed; what is already known of its manifests counts. */
        INDEX,
        /** The manifests and configs that the profiles' nodes would pull are read too. */
        MANIFESTS
    }

    /** What the image is for. */
    enum Purpose {
        /** A container runs it with the node's own runtime handler. */
        RUN,
        /** A container runs it under a RuntimeClass, whose handler may run what the node's own cannot (WebAssembly). */
        RUN_BY_RUNTIME_CLASS,
        /** A volume mounts it: data, for which a single manifest of another architecture will do. */
        MOUNT,
        /** A container has it as its files and runs a program from a volume: the same, but it must be an image. */
        DATA
    }

    /**
     * Assesses an image.
     *
     * @param image the reference as written, not yet known to be valid
     * @param purpose what it is for
     * @param profiles the node profiles that matter; none gives an assessment without verdicts
     * @param verification how much is checked
     * @param keyring the credentials at hand, looked up once the reference is known to be valid
     * @param deadline when the answer is due; what is not known by then is undetermined
     * @return completes by the deadline, never exceptionally, with a verdict for every profile; the caller's own: cancelling it
     *     ends work that nobody else waits for, and takes nothing from others
     */
    CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline);

    /**
     * Whether an image still has a digest: with one HEAD request for a tag older than {@code tagTtl}, else without a request.
     *
     * @param image the reference as written
     * @param digest the digest it had
     * @param keyring the credentials at hand
     * @param deadline when the answer is due
     * @return completes by the deadline, never exceptionally; false also if the registry does not say
     */
    default CompletableFuture<Boolean> hasDigest(String image, Digest digest, Keyring keyring, Deadline deadline) {
        return CompletableFuture.completedFuture(false);
    }

    /**
     * The assessor for the workloads of a namespace. It may use what is known of images from that namespace only.
     *
     * @param namespace the namespace; empty where there is none
     */
    default Assessor inNamespace(String namespace) {
        return this;
    }
}
