package dev.stowage.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What a {@link VirtualLeader} did in each second, and what a look at it each minute saw. */
final class ScanSeries {

    static final long SAMPLE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final int[] requests;
    private final int[] reads;
    private final int[] writes;
    private final int[] reconciliations;
    private final long[] busyMillis;
    private final int[] waiting;
    private final int[] unseen;
    private final long[] oldest;

    ScanSeries(int hours) {
        int seconds = hours * 3600;
        requests = new int[seconds];
        reads = new int[seconds];
        writes = new int[seconds];
        reconciliations = new int[seconds];
        busyMillis = new long[seconds];
        waiting = new int[hours * 60];
        unseen = new int[hours * 60];
        oldest = new long[hours * 60];
    }

    long millis() {
        return requests.length * 1000L;
    }

    void requested(long at, boolean content) {
        requests[second(at)]++;
        reads[second(at)] += content ? 1 : 0;
    }

    void busy(long at, long millis) {
        busyMillis[second(at)] += millis;
    }

    void wrote(long at) {
        writes[second(at)]++;
    }

    void reconciled(long at) {
        reconciliations[second(at)]++;
    }

    void sample(long at, int waits, int notLookedAt, long oldestLook) {
        int minute = (int) (at / SAMPLE_MILLIS);
        if (minute < waiting.length) {
            waiting[minute] = waits;
            unseen[minute] = notLookedAt;
            oldest[minute] = oldestLook;
        }
    }

    private static int second(long at) {
        return (int) (at / 1000);
    }

    /** The hour within which every image has been looked at; infinite if that never was so. */
    double hoursUntilAllSeen() {
        for (int minute = 1; minute < unseen.length; minute++) {
            if (unseen[minute] == 0) {
                return minute / 60.0;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** What a part of the time was like. */
    record Part(
            double requestsPerSecond,
            int requestsP99,
            double readsPerHour,
            double writesPerHour,
            double reconciliationsPerSecond,
            double placesBusy,
            int mostWaiting,
            double oldestHours) {}

    Part part(int fromHour, int toHour) {
        int from = fromHour * 3600;
        int to = Math.min(toHour * 3600, requests.length);
        int[] sorted = Arrays.copyOfRange(requests, from, to);
        Arrays.sort(sorted);
        double seconds = to - from;
        return new Part(
                sum(requests, from, to) / seconds,
                sorted[(int) (sorted.length * 0.99)],
                sum(reads, from, to) / seconds * 3600,
                sum(writes, from, to) / seconds * 3600,
                sum(reconciliations, from, to) / seconds,
                Arrays.stream(busyMillis, from, to).sum() / 1000.0 / seconds,
                Arrays.stream(waiting, from / 60, to / 60).max().orElse(0),
                Arrays.stream(oldest, from / 60, to / 60).max().orElse(0) / 3_600_000.0);
    }

    private static double sum(int[] values, int from, int to) {
        return Arrays.stream(values, from, to).asLongStream().sum();
    }

    /** How many places were busy in each hour, on average. */
    double[] placesByHour() {
        double[] places = new double[requests.length / 3600];
        for (int hour = 0; hour < places.length; hour++) {
            places[hour] = part(hour, hour + 1).placesBusy();
        }
        return places;
    }
}
