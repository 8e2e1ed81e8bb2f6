package dev.stowage.node;

import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The platforms on which a pod runs, stated by the cluster's owner or by the pod's scheduler rather than by nodes.
 *
 * @param platforms the platforms, at least one
 * @param source the source of the statement
 */
public record StatedPlatforms(List<Platform> platforms, Source source) {

    /** The namespace annotation: {@code linux/amd64}, or several platforms separated by commas. */
    public static final String ANNOTATION = "stowage.dev/platforms";

    /** The longest value that is read. */
    public static final int MAX_LENGTH = 512;

    /** Amazon EKS runs pods with this scheduler on Fargate, which has one platform. */
    private static final String FARGATE_SCHEDULER = "fargate-scheduler";

    /** The source of a statement. */
    public enum Source {
        /** The pod's {@code schedulerName}. */
        SCHEDULER("where " + FARGATE_SCHEDULER + " runs pods"),
        /** The annotation of the pod's namespace. */
        NAMESPACE("where the namespace's pods run by its annotation " + ANNOTATION);

        private final String clause;

        Source(String clause) {
            this.clause = clause;
        }

        /** A clause that follows the platforms. */
        public String clause() {
            return clause;
        }
    }

    public StatedPlatforms {
        platforms = List.copyOf(platforms);
        if (platforms.isEmpty()) {
            throw new IllegalArgumentException("a statement needs a platform");
        }
        Objects.requireNonNull(source, "source");
    }

    /** The platforms that a scheduler of this name means; empty for the usual ones, which choose among the nodes. */
    public static Optional<StatedPlatforms> ofScheduler(String schedulerName) {
        return FARGATE_SCHEDULER.equals(schedulerName)
                ? Optional.of(new StatedPlatforms(List.of(Platform.of("linux", "amd64")), Source.SCHEDULER))
                : Optional.empty();
    }

    /** The platforms in a namespace's annotation; empty if it is not a valid list of platforms. */
    public static Optional<StatedPlatforms> ofNamespace(String annotation) {
        if (annotation.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        List<Platform> platforms = new ArrayList<>();
        for (String text : annotation.split(",", -1)) {
            try {
                platforms.add(Platform.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new StatedPlatforms(platforms, Source.NAMESPACE));
    }

    /** Whether nodes of this platform are meant. */
    boolean include(Platform platform) {
        return platforms.stream().anyMatch(stated -> covers(stated, platform));
    }

    static boolean covers(Platform stated, Platform platform) {
        return stated.os().equals(platform.os())
                && stated.architecture().equals(platform.architecture())
                && (stated.variant().isEmpty() || stated.variant().equals(platform.variant()))
                && (stated.osVersion().isEmpty() || platform.osVersion().startsWith(stated.osVersion()));
    }
}
