package dev.stowage.cli.serve;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.stowage.async.Causes;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import java.lang.management.ManagementFactory;

/** The limit of open files of this process, which include sockets and the application's own libraries. */
public final class FileDescriptorLimit {

    public static final String TOO_FEW =
            "this process may not open enough files; allow 1024 or more (ulimit -n, LimitNOFILE)";

    /** Enough for a start and for connections to some API servers and registries. */
    private static final long LEAST_TO_SERVE = 256;

    private FileDescriptorLimit() {}

    /**
     * Before anything is started that would fail half-way.
     *
     * @throws StoppedException when there are too few
     */
    static void requireEnoughToServe() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() > 0
                && system.getMaxFileDescriptorCount() < LEAST_TO_SERVE) {
            throw new StoppedException(ExitCode.USAGE, TOO_FEW + "; it may open " + system.getMaxFileDescriptorCount());
        }
    }

    /** Whether this is what came of having none left. */
    public static boolean ranOut(Throwable failure) {
        return Causes.chain(failure)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("Too many open files"));
    }
}
