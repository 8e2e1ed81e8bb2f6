package dev.stowage.bench;

import dev.stowage.bench.StandInRegistry.Kind;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * The load program: webhooks in processes of their own, a registry that counts, and reviews over HTTP/2 and TLS. Everything is
 * measured by turns in one run, because only then do ratios mean anything on a machine that others use too.
 */
public final class Load {

    private static final int CONNECTIONS = 2;
    private static final int IN_FLIGHT = 16;
    private static final double RATE = 400;
    private static final int WARM_IMAGES = 100;
    private static final int LATENCY_MILLIS = 20;
    private static final int NODES = 100;

    private final List<String> hookOptions;
    private final double seconds;
    private final int rounds;
    private final boolean brief;
    private final Vertx vertx = Vertx.vertx();
    private final StandInRegistry registry = StandInRegistry.start(vertx);
    private final AtomicInteger fresh = new AtomicInteger();

    private Load(List<String> hookOptions, boolean brief, double seconds, int rounds) {
        this.hookOptions = hookOptions;
        this.brief = brief;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /**
     * Runs it and prints tables.
     *
     * @param args {@code --short} for a few seconds that show errors only; {@code --seconds N} for each measurement, {@code --rounds
     *     N} for how often each is repeated, {@code --hook-options "OPTION…"} for Java options of the webhooks, {@code --part
     *     warm|cold|burst} for one part only
     */
    public static void main(String... args) {
        List<String> options = Arrays.asList(args);
        boolean brief = options.contains("--short");
        String hookOptions = text(options, "--hook-options", "");
        Load load = new Load(
                hookOptions.isEmpty() ? List.of() : List.of(hookOptions.split(" ")),
                brief,
                number(options, "--seconds", brief ? 0.5 : 8),
                (int) number(options, "--rounds", brief ? 1 : 5));
        try {
            String part = text(options, "--part", "");
            if (part.isEmpty() || part.equals("warm")) {
                load.warm();
            }
            if (part.isEmpty() || part.equals("cold")) {
                load.cold();
            }
            if (part.isEmpty() || part.equals("burst")) {
                load.burst();
            }
        } finally {
            load.vertx.close();
        }
        System.exit(0);
    }

    private static double number(List<String> options, String name, double otherwise) {
        return Double.parseDouble(text(options, name, String.valueOf(otherwise)));
    }

    private static String text(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : options.get(at + 1);
    }

    /** Images that are known, two a pod. */
    private void warm() {
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < WARM_IMAGES; i += 2) {
            bodies.add(MadeReview.pod(List.of(image("e4/warm-" + i), image("e4/warm-" + (i + 1)))));
        }
        IntFunction<byte[]> reviews = i -> bodies.get(Math.floorMod(i, bodies.size()));
        Map<Hook.Kind, List<Measured>> closed = new EnumMap<>(Hook.Kind.class);
        Map<Hook.Kind, List<Measured>> open = new EnumMap<>(Hook.Kind.class);
        Map<Hook.Kind, HookProcess> hooks = new EnumMap<>(Hook.Kind.class);
        Map<Hook.Kind, Loads> loads = new EnumMap<>(Hook.Kind.class);
        for (Hook.Kind kind : Hook.Kind.values()) {
            hooks.put(kind, HookProcess.start(kind, NODES, hookOptions));
            loads.put(kind, new Loads(vertx, hooks.get(kind).port(), CONNECTIONS));
            loads.get(kind).burst(reviews, bodies.size());
            loads.get(kind).some(reviews, IN_FLIGHT, brief ? 100 : 100_000);
            closed.put(kind, new ArrayList<>());
            open.put(kind, new ArrayList<>());
        }
        registry.reset();
        for (int round = 0; round < rounds; round++) {
            loads.forEach((kind, load) -> closed.get(kind).add(load.closed(reviews, IN_FLIGHT, seconds)));
            loads.forEach((kind, load) -> open.get(kind).add(load.open(reviews, brief ? 50 : RATE, seconds)));
        }
        print(
                "Warm, closed loop: pods of two known images, %d connections, %d reviews under way on each",
                closed, hooks);
        print("Warm, open loop: the same at " + (int) (brief ? 50 : RATE) + " a second", open, hooks);
        System.out.printf(
                Locale.ROOT,
                "Requests to the registry meanwhile: %d%n%n",
                registry.count(Kind.MANIFEST) + registry.count(Kind.HEAD));
        loads.values().forEach(Loads::close);
        hooks.values().forEach(HookProcess::close);
    }

    /** Images that nobody has seen, two a pod. */
    private void cold() {
        registry.latency(LATENCY_MILLIS);
        try (HookProcess hook = HookProcess.start(Hook.Kind.STOWAGE, NODES, hookOptions);
                Loads loads = new Loads(vertx, hook.port(), CONNECTIONS)) {
            loads.burst(i -> coldPod("e4"), brief ? 5 : 500);
            awaitQuiet();
            int pods = brief ? 10 : 400;
            System.out.printf(
                    Locale.ROOT,
                    "Cold: pods of two images that nobody has seen, at %d ms of registry latency, %d pods, 20 a second%n",
                    LATENCY_MILLIS,
                    pods);
            coldRow(loads, "index, no token", "e4", pods);
            coldRow(loads, "single manifest, no token", "single", pods);
            registry.tokens(true);
            coldRow(loads, "index, token", "e4", pods);
            registry.tokens(false);
            System.out.println();
        }
    }

    private void coldRow(Loads loads, String name, String kind, int pods) {
        registry.reset();
        Measured measured = loads.open(i -> coldPod(kind), 20, pods / 20.0);
        awaitQuiet();
        double images = 2.0 * measured.times().getTotalCount();
        StringBuilder requests = new StringBuilder();
        for (Kind counted : Kind.values()) {
            requests.append(String.format(
                    Locale.ROOT,
                    " %.2f %s",
                    registry.count(counted) / images,
                    counted.name().toLowerCase(Locale.ROOT)));
        }
        System.out.printf(Locale.ROOT, "  %-28s %s%n", name, measured.inWords());
        System.out.printf(Locale.ROOT, "  %-28s requests an image:%s%n", "", requests);
    }

    /** Until what is verified in the background has been. */
    private void awaitQuiet() {
        int before = -1;
        for (int now = registry.total(); now != before; now = registry.total()) {
            before = now;
            LockSupport.parkNanos(20L * LATENCY_MILLIS * 1_000_000);
        }
    }

    /** A thousand pods of one new image at once. */
    private void burst() {
        registry.latency(LATENCY_MILLIS);
        int pods = brief ? 50 : 1000;
        try (HookProcess hook = HookProcess.start(Hook.Kind.STOWAGE, NODES, hookOptions);
                Loads loads = new Loads(vertx, hook.port(), CONNECTIONS)) {
            System.out.printf(Locale.ROOT, "Burst: %d pods of one new image at once%n", pods);
            for (int round = 0; round < (brief ? 1 : 6); round++) {
                byte[] pod = MadeReview.pod(List.of(image("e4/burst-" + round)));
                registry.reset();
                Measured measured = loads.burst(i -> pod, pods);
                System.out.printf(
                        Locale.ROOT,
                        "  %-28s %d manifest request(s), all answered after %.0f ms%n",
                        round == 0 ? "first, code not yet compiled" : "image " + (round + 1),
                        registry.count(Kind.MANIFEST),
                        measured.seconds() * 1000);
                if (registry.count(Kind.MANIFEST) != 1) {
                    throw new IllegalStateException("one image, " + registry.count(Kind.MANIFEST) + " requests");
                }
            }
        }
    }

    private byte[] coldPod(String kind) {
        int number = fresh.getAndAdd(2);
        return MadeReview.pod(List.of(image(kind + "/cold-" + number), image(kind + "/cold-" + (number + 1))));
    }

    private String image(String repository) {
        return registry.address() + "/" + repository + ":1";
    }

    private static void print(
            String title, Map<Hook.Kind, List<Measured>> measured, Map<Hook.Kind, HookProcess> hooks) {
        System.out.printf(Locale.ROOT, title + "%n", CONNECTIONS, IN_FLIGHT);
        System.out.printf(
                "  %-9s %10s %7s %9s %9s %9s %9s %8s%n",
                "hook", "a second", "ratio", "p50 ms", "p99 ms", "p99 ratio", "late p99", "RSS MB");
        double perSecond = median(measured.get(Hook.Kind.EMPTY), Measured::perSecond);
        double p99 = median(measured.get(Hook.Kind.EMPTY), one -> one.millis(99));
        measured.forEach((kind, all) -> System.out.printf(
                Locale.ROOT,
                "  %-9s %,10.0f %7.2f %9.3f %9.3f %9.2f %9.3f %8d%n",
                kind.name().toLowerCase(Locale.ROOT),
                median(all, Measured::perSecond),
                median(all, Measured::perSecond) / perSecond,
                median(all, one -> one.millis(50)),
                median(all, one -> one.millis(99)),
                median(all, one -> one.millis(99)) / p99,
                median(all, one -> one.lateness().getValueAtPercentile(99) / 1e6),
                hooks.get(kind).residentMegabytes()));
        System.out.println();
    }

    /** The middle one of the rounds. */
    private static double median(List<Measured> all, ToDoubleFunction<Measured> value) {
        double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
