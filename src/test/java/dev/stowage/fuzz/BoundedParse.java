package dev.stowage.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.Optional;

/** Parses one input within bounds of time and memory: of the thread's own processor and allocations, so that a busy machine changes nothing. */
final class BoundedParse {

    private static final long NANOS = 2_000_000_000L;
    private static final long NANOS_PER_BYTE = 5_000;
    private static final long BYTES = 256L << 20;
    /** SnakeYAML copies what it has read of a word again and again; InputText bounds words. */
    private static final long BYTES_PER_BYTE = 4_000;

    private static final int SHOWN = 2_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private BoundedParse() {}

    /** What is wrong with the parser, with the input; empty if it did well. */
    static Optional<String> fault(ParserTarget target, byte[] input) {
        long nanos = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        try {
            target.parse(input);
        } catch (Throwable e) {
            return Optional.of(report(target, input, "threw " + e + at(e)));
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (nanos > NANOS + NANOS_PER_BYTE * input.length) {
            return Optional.of(report(target, input, "took " + nanos / 1_000_000 + " ms"));
        }
        return bytes > BYTES + BYTES_PER_BYTE * input.length
                ? Optional.of(report(target, input, "allocated " + (bytes >> 20) + " MiB"))
                : Optional.empty();
    }

    private static String at(Throwable e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }

    private static String report(ParserTarget target, byte[] input, String what) {
        String encoded = Base64.getEncoder().encodeToString(input);
        String shown = encoded.length() > SHOWN ? encoded.substring(0, SHOWN) + "…" : encoded;
        return target + " " + what + " for " + input.length + " bytes, in Base64: " + shown;
    }
}
