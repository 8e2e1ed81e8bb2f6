package dev.stowage.bench;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Namespaces of very different sizes, and the shards that a hash of their names would give them to. */
final class MadeNamespaces {

    /** The part of all images that the largest namespace has. */
    private static final double LARGEST = 0.1;

    private MadeNamespaces() {}

    /** The namespace of each image: the first has a tenth of all, the others fewer and fewer. */
    static String[] of(int images, int namespaces) {
        double all = 0;
        for (int i = 1; i < namespaces; i++) {
            all += 1.0 / i;
        }
        String[] of = new String[images];
        int next = 0;
        int largest = namespaces == 1 ? images : (int) (images * LARGEST);
        while (next < largest) {
            of[next++] = "team-0";
        }
        double until = largest;
        for (int i = 1; i < namespaces; i++) {
            until += (images - largest) / all / i;
            while (next < Math.min(images, Math.round(until))) {
                of[next++] = "team-" + i;
            }
        }
        while (next < images) {
            of[next++] = "team-" + (namespaces - 1);
        }
        return of;
    }

    /** By rendezvous hashing: the shard whose hash with the name is the highest. */
    static int rendezvous(String namespace, int shards) {
        int best = 0;
        for (int shard = 1; shard < shards; shard++) {
            if (hash(namespace + "/" + shard) > hash(namespace + "/" + best)) {
                best = shard;
            }
        }
        return best;
    }

    /** By the rest of a division. */
    static int modulo(String namespace, int shards) {
        return (int) (hash(namespace) % shards);
    }

    private static long hash(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        // a checksum's bits depend on each other linearly; this mixes them
        long mixed = crc.getValue() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return (mixed ^ mixed >>> 32) & Long.MAX_VALUE;
    }
}
