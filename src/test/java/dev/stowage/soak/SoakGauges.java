package dev.stowage.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What must stay flat: threads, open files (connections among them) and what the heap holds after a collection. */
final class SoakGauges {

    private static final double MIB = 1024 * 1024;

    /**
     * One reading.
     *
     * @param seconds since the start
     * @param threads of the client
     * @param files open in the process; the ends of connections that the fake registries hold are among them
     * @param heap bytes in use after a collection
     */
    record Reading(long seconds, long threads, long files, long heap) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%4d s  %3d threads  %4d open files  %6.1f MiB heap",
                    seconds,
                    threads,
                    files,
                    heap / MIB);
        }
    }

    private final long start = System.nanoTime();
    private final List<Reading> readings = new ArrayList<>();

    /** Takes a reading now. */
    Reading read() {
        System.gc();
        Reading reading = new Reading(
                (System.nanoTime() - start) / 1_000_000_000L,
                clientThreads(),
                openFiles(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        readings.add(reading);
        return reading;
    }

    List<Reading> readings() {
        return List.copyOf(readings);
    }

    /** How many threads the registry client and its HTTP client have. */
    static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("registry-") || name.startsWith("HttpClient-"))
                .count();
    }

    /** What has grown from the second quarter of the readings to the last; empty when all is flat. */
    List<String> growth() {
        List<String> grown = new ArrayList<>();
        check(grown, "threads", Reading::threads, 8);
        check(grown, "open files", Reading::files, 40);
        check(grown, "heap", Reading::heap, 6 * MIB);
        return grown;
    }

    private void check(List<String> grown, String what, ToLongFunction<Reading> value, double chance) {
        double[] values = readings.stream().mapToDouble(value::applyAsLong).toArray();
        Growth.of(what, values, chance).ifPresent(grown::add);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
