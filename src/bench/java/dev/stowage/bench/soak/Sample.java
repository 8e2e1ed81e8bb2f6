package dev.stowage.bench.soak;

import java.util.Locale;

/**
 * What a replica occupies at a moment.
 *
 * @param replica its name
 * @param start how often it had been started
 * @param minutes since the soak began
 * @param resident memory, in MB
 * @param heap in use, garbage included, in MB; 0 if it did not say
 * @param threads of the process
 * @param descriptors that it has open
 * @param leads whether it leads
 * @param counts what became of all reviews so far
 */
record Sample(
        String replica,
        int start,
        double minutes,
        long resident,
        double heap,
        long threads,
        long descriptors,
        boolean leads,
        ReviewLoad.Counts counts) {

    static final String HEADER = "replica,start,minutes,resident_mb,heap_mb,threads,descriptors,leads,reviews,wrong,"
            + "failed,again,leader_changes";

    /** A line of a CSV file. */
    String line(long leaderChanges) {
        return String.format(
                Locale.ROOT,
                "%s,%d,%.2f,%d,%.1f,%d,%d,%b,%d,%d,%d,%d,%d",
                replica,
                start,
                minutes,
                resident,
                heap,
                threads,
                descriptors,
                leads,
                counts.reviews(),
                counts.wrong(),
                counts.failed(),
                counts.again(),
                leaderChanges);
    }
}
