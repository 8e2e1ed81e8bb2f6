package dev.stowage.tls.managed;

import dev.stowage.admission.ReviewPaths;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The paths that reviews come to now; a path that was replaced stays for a while, until every API server has seen the new one. */
final class AcceptedPaths implements ReviewPaths {

    private final Duration overlap;

    /** When each path was last a current one; only one thread updates it. */
    private final Map<String, Instant> current = new HashMap<>();

    private volatile List<byte[]> accepted = List.of();

    /** @param overlap how long a path stays accepted after it was replaced */
    AcceptedPaths(Duration overlap) {
        this.overlap = overlap;
    }

    /** These are the paths from now on. */
    void update(Collection<String> paths, Instant now) {
        paths.forEach(path -> current.put(path, now));
        // By the distance, so that a clock that was set back does not keep a path for years.
        current.values().removeIf(last -> Duration.between(last, now).abs().compareTo(overlap) > 0);
        accepted = current.keySet().stream()
                .map(path -> path.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public boolean accepts(String path) {
        byte[] asked = path.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (byte[] one : accepted) {
            // All of them, in constant time each.
            found |= MessageDigest.isEqual(one, asked);
        }
        return found;
    }
}
