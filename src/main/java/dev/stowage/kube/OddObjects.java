package dev.stowage.kube;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.image.Printable;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Logs objects that are too large or too odd to be read as a whole, each once. */
public final class OddObjects {

    private static final Logger LOG = System.getLogger(OddObjects.class.getName());

    /** Limited, so that users cannot fill the memory with names; beyond it an object may be logged again. */
    private static final Cache<String, Boolean> LOGGED =
            Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();

    private OddObjects() {}

    /**
     * Logs this, unless it was logged before.
     *
     * @param what a predicate: {@code cannot be read and is left out}
     */
    public static void report(String kind, ObjectMeta metadata, String what) {
        String name = metadata.getNamespace() == null
                ? metadata.getName()
                : metadata.getNamespace() + "/" + metadata.getName();
        String line = Printable.of(kind + " " + name) + " " + what;
        if (LOGGED.asMap().putIfAbsent(line, true) == null) {
            LOG.log(Level.WARNING, "{0}", line);
        }
    }
}
