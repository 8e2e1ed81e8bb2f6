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

    /** When each path was first and last a current one; only one thread uses it. */
    private final Map<String, Use> uses = new HashMap<>();

    private volatile List<byte[]> accepted = List.of();

    private record Use(Instant first, Instant last) {}

    /** @param overlap how long a path is accepted before it is published, and after it was replaced */
    AcceptedPaths(Duration overlap) {
        this.overlap = overlap;
    }

    /** These are the paths from now on. */
    void update(Collection<String> paths, Instant now) {
        paths.forEach(path -> uses.merge(path, new Use(now, now), (old, use) -> new Use(old.first(), now)));
        // By the distance, so that a clock that was set back does not keep a path for years.
        uses.values().removeIf(use -> Duration.between(use.last(), now).abs().compareTo(overlap) > 0);
        accepted = uses.keySet().stream()
                .map(path -> path.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Whether this path has been a current one for so long that every replica accepts it. */
    boolean isSettled(String path, Instant now) {
        Use use = uses.get(path);
        return use != null && Duration.between(use.first(), now).abs().compareTo(overlap) >= 0;
    }

    @Override
    public boolean accepts(String path) {
        byte[] requested = path.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (byte[] one : accepted) {
            // All of them, in constant time each.
            found |= MessageDigest.isEqual(one, requested);
        }
        return found;
    }
}
