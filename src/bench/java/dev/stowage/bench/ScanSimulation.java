package dev.stowage.bench;

import dev.stowage.bench.ScanSeries.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntBiFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Simulates the leader's scans of up to a hundred thousand images and more, in virtual time: how many requests its registries get, how
 * long scans wait, when its places are all taken, and how evenly a hash of namespaces' names would spread them. The same seed gives the
 * same figures. Needs nothing but a processor.
 */
public final class ScanSimulation {

    private static final int DAY = 24;
    private static final int SHARD_HOURS = 3;
    private static final int WIDTH = 48;

    private final long seed;
    private final int hours;
    private final int places;
    private final Duration refresh;
    private boolean fine = true;

    private ScanSimulation(long seed, int hours, int places, Duration refresh) {
        this.seed = seed;
        this.hours = hours;
        this.places = places;
        this.refresh = refresh;
    }

    /**
     * Runs it and prints tables; ends with 1 when a scan waits although its places are not taken.
     *
     * @param args {@code --images N,N --places N --refresh-minutes N --hours N --seed N}
     */
    public static void main(String... args) {
        List<String> options = new ArrayList<>(Arrays.asList(args));
        int[] images = Arrays.stream(
                        take(options, "--images", "1000,10000,100000").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        ScanSimulation simulation = new ScanSimulation(
                Long.parseLong(take(options, "--seed", "7")),
                Integer.parseInt(take(options, "--hours", "30")),
                Integer.parseInt(take(options, "--places", "8")),
                Duration.ofMinutes(Long.parseLong(take(options, "--refresh-minutes", "60"))));
        if (!options.isEmpty() || simulation.hours < 3) {
            System.err.println(
                    "usage: bench/scale --simulate [--images N,N] [--places N] [--refresh-minutes N] [--hours N, 3 or"
                            + " more] [--seed N]");
            System.exit(64);
        }
        simulation.table(images);
        simulation.shards(images[images.length - 1]);
        System.exit(simulation.fine ? 0 : 1);
    }

    private static String take(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return options.remove(at);
    }

    private static void say(String line, Object... values) {
        System.out.printf(Locale.ROOT, line + "%n", values);
    }

    private static int namespacesOf(int images) {
        return Math.max(10, images / 50);
    }

    private RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private VirtualLeader leader(String[] namespaces, int howLong) {
        return new VirtualLeader(namespaces, refresh, places, VirtualLeader.Registry.USUAL, random(), howLong);
    }

    private void table(int[] sizes) {
        say(
                "%d scans at a time, half of them for one namespace; images looked at again every %d min; a request takes 20 to 200 ms,"
                        + " a full read 3 to 5 requests; 1 of 100 images fails; the largest namespace has a tenth of all",
                places, refresh.toMinutes());
        say(
                "%8s  %-26s %10s %6s %11s %9s %13s %7s %9s %8s",
                "images",
                "time",
                "requests/s",
                "p99",
                "content/h",
                "writes/h",
                "reconciled/s",
                "places",
                "waiting",
                "oldest");
        for (int images : sizes) {
            String[] namespaces = MadeNamespaces.of(images, namespacesOf(images));
            VirtualLeader fresh = leader(namespaces, hours);
            fresh.startNew();
            ScanSeries first = fresh.run();
            double seen = first.hoursUntilAllSeen();
            int settled = (int) Math.ceil(Math.min(seen, hours - 1)) + 1;
            row(images, String.format(Locale.ROOT, "all new: seen after %.2f h", seen), first, 0, settled - 1);
            row(images, "then", first, settled, Math.min(hours, DAY - 1));
            if (hours > DAY) {
                row(images, "a day after the first reads", first, DAY - 1, hours);
                plot(first);
            }
            VirtualLeader next = leader(namespaces, hours);
            next.startWithReports(refresh);
            ScanSeries second = next.run();
            row(images, "a new leader: two hours", second, 0, 2);
            row(images, "then", second, 2, hours);
            Part steady = second.part(2, hours);
            if (steady.placesBusy() < places * 0.7 && steady.mostWaiting() > images / 100 + places * 100) {
                fine = false;
                say("NOT AS IT SHOULD BE: scans wait although places are free");
            }
        }
    }

    private static void row(int images, String when, ScanSeries series, int from, int to) {
        if (to <= from) {
            return;
        }
        Part part = series.part(from, to);
        say(
                "%,8d  %-26s %10.1f %6d %,11.0f %,9.0f %13.1f %7.2f %,9d %7.2fh",
                images,
                when,
                part.requestsPerSecond(),
                part.requestsP99(),
                part.readsPerHour(),
                part.writesPerHour(),
                part.reconciliationsPerSecond(),
                part.placesBusy(),
                part.mostWaiting(),
                part.oldestHours());
    }

    private void plot(ScanSeries series) {
        double[] byHour = series.placesByHour();
        say("          places that are busy, of %d, by hour:", places);
        for (int hour = 0; hour < byHour.length; hour++) {
            say(
                    "          %3d %-" + WIDTH + "s %.2f",
                    hour,
                    "#".repeat((int) Math.round(WIDTH * byHour[hour] / places)),
                    byHour[hour]);
        }
    }

    private void shards(int images) {
        String[] namespaces = MadeNamespaces.of(images, namespacesOf(images));
        say("");
        say("%,d images in %,d namespaces, by a hash of the namespace:", images, namespacesOf(images));
        say(
                "%7s %17s %17s %22s %22s",
                "shards", "largest, modulo", "rendezvous", "one more moves, modulo", "rendezvous");
        for (int shards : new int[] {2, 3, 4, 8}) {
            say(
                    "%7d %16.2fx %16.2fx %21.0f%% %21.0f%%",
                    shards,
                    largest(namespaces, shards, MadeNamespaces::modulo),
                    largest(namespaces, shards, MadeNamespaces::rendezvous),
                    100 * moved(namespaces, shards, MadeNamespaces::modulo),
                    100 * moved(namespaces, shards, MadeNamespaces::rendezvous));
        }
        say("the largest shard alone, all images new:");
        for (int shards : new int[] {1, 2, 4}) {
            int biggest = largestShard(namespaces, shards);
            String[] part = Arrays.stream(namespaces)
                    .filter(namespace -> MadeNamespaces.rendezvous(namespace, shards) == biggest)
                    .toArray(String[]::new);
            VirtualLeader leader = leader(part, Math.min(hours, SHARD_HOURS));
            leader.startNew();
            ScanSeries series = leader.run();
            say(
                    "%7d shards: %,d images, seen after %.2f h, %.1f requests/s in the first hour",
                    shards,
                    part.length,
                    series.hoursUntilAllSeen(),
                    series.part(0, 1).requestsPerSecond());
        }
    }

    private static int[] sizes(String[] namespaces, int shards, ToIntBiFunction<String, Integer> shardOf) {
        int[] sizes = new int[shards];
        for (String namespace : namespaces) {
            sizes[shardOf.applyAsInt(namespace, shards)]++;
        }
        return sizes;
    }

    private static int largestShard(String[] namespaces, int shards) {
        int[] sizes = sizes(namespaces, shards, MadeNamespaces::rendezvous);
        return IntStream.range(0, shards).reduce(0, (one, other) -> sizes[other] > sizes[one] ? other : one);
    }

    /** The largest shard against the mean. */
    private static double largest(String[] namespaces, int shards, ToIntBiFunction<String, Integer> shardOf) {
        return Arrays.stream(sizes(namespaces, shards, shardOf)).max().orElse(0) * (double) shards / namespaces.length;
    }

    /** The part of the images that another shard has when there is one more. */
    private static double moved(String[] namespaces, int shards, ToIntBiFunction<String, Integer> shardOf) {
        return Arrays.stream(namespaces)
                        .filter(namespace ->
                                shardOf.applyAsInt(namespace, shards) != shardOf.applyAsInt(namespace, shards + 1))
                        .count()
                / (double) namespaces.length;
    }
}
