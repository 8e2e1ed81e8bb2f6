package dev.stowage.config;

import dev.stowage.registry.TrustedAuthorities;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The authorities of a file that something else replaces, as OpenShift and trust-manager do: read again when the file has changed. What
 * cannot be read does not replace those that are trusted.
 */
final class WatchedAuthorities implements TrustedAuthorities {

    /** The shortest time between two looks at the file. */
    static final Duration PERIOD = Duration.ofSeconds(15);

    private static final Logger LOG = System.getLogger(WatchedAuthorities.class.getName());

    private final String key;
    private final Path file;
    private final LongSupplier nanos;
    private volatile List<X509Certificate> trusted;
    private volatile long checked;
    // unknown at first, since the file may have changed since it was read
    private Optional<State> state = Optional.empty();

    /** What changes when a file is written, or replaced by a link to another. */
    private record State(FileTime modified, long size, Optional<Object> key) {}

    /**
     * @param key the name of the setting, for messages
     * @param file the file
     * @param first what was read from it
     */
    WatchedAuthorities(String key, Path file, List<X509Certificate> first, LongSupplier nanos) {
        this.key = key;
        this.file = file;
        this.nanos = nanos;
        this.trusted = List.copyOf(first);
        this.checked = nanos.getAsLong();
    }

    @Override
    public List<X509Certificate> current() {
        if (nanos.getAsLong() - checked >= PERIOD.toNanos()) {
            check();
        }
        return trusted;
    }

    private synchronized void check() {
        if (nanos.getAsLong() - checked < PERIOD.toNanos()) {
            return;
        }
        checked = nanos.getAsLong();
        Optional<State> found = state();
        if (!found.equals(state)) {
            state = found;
            read();
        }
    }

    private void read() {
        try {
            List<X509Certificate> found = Certificates.read(file).all();
            if (!found.equals(trusted)) {
                trusted = found;
                LOG.log(
                        Level.INFO,
                        key + ": " + file + " has changed, and " + found.size() + " authorities are trusted");
            }
        } catch (IOException e) {
            keep("cannot be read: " + Certificates.reason(e));
        } catch (IllegalArgumentException e) {
            keep(String.valueOf(e.getMessage()));
        }
    }

    private void keep(String problem) {
        LOG.log(
                Level.WARNING,
                key + ": " + file + " has changed and " + problem + ". The authorities of before stay trusted");
    }

    private Optional<State> state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new State(
                    attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
