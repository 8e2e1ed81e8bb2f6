package dev.stowage.soak;

import dev.stowage.async.Deadline;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.TrustedAuthorities;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Proxies;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictQualifier;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A soak of the engine on registries that fail at random, on loopback only: every shape of an image, tags that move, three tenants,
 * caches far too small. A verdict that is given must be true; what cannot be known must be said to be so; and threads, connections
 * and heap must stay flat. {@code hack/soak MINUTES} runs it; the exit code is 1 when something is wrong.
 */
public final class RegistrySoak implements AutoCloseable {

    private static final Duration TAG_TTL = Duration.ofSeconds(2);
    private static final Duration STALE_FOR = Duration.ofSeconds(12);
    private static final long ANSWER_SECONDS = 6;
    private static final long[] DEADLINES_MS = {100, 500, 2_000, 4_000};
    private static final int UNDER_WAY = 128;
    private static final int POPULAR = 40;

    private final Random random;
    private final SoakRegistries registries;
    private final Engine engine;
    private final SoakGauges gauges = new SoakGauges();
    private final Semaphore places = new Semaphore(UNDER_WAY);
    private final Map<String, LongAdder> verdicts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> memory = new ConcurrentHashMap<>();
    private final LongAdder stale = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    RegistrySoak(long seed) {
        random = new Random(seed);
        registries = new SoakRegistries(seed);
        engine = new Engine(
                settings(),
                request -> count(
                        requests,
                        request.operation().name().toLowerCase(Locale.ROOT)
                                + request.failure()
                                        .map(kind -> " " + kind.label())
                                        .orElse("")),
                (type, outcome) -> count(memory, outcome.label()));
    }

    /**
     * Runs a soak.
     *
     * @param args minutes (10), questions a second (150), seed (by the clock); all may be left out
     */
    public static void main(String[] args) throws InterruptedException {
        double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 150;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : System.currentTimeMillis();
        System.out.printf("soak of %s minutes, %s questions a second, seed %d%n", minutes, rate, seed);
        boolean good;
        try (RegistrySoak soak = new RegistrySoak(seed)) {
            soak.run(Duration.ofMillis((long) (minutes * 60_000)), rate, System.out::println);
            soak.print(System.out);
            good = soak.wrong().isEmpty() && soak.growth().isEmpty();
        }
        System.out.println(good ? "good: nothing wrong, nothing grew" : "NOT GOOD");
        System.exit(good ? 0 : 1);
    }

    private static Settings settings() {
        RegistrySettings client = new RegistrySettings(
                List.of(),
                "stowage-soak",
                Duration.ofSeconds(1),
                Duration.ofMillis(1_200),
                16,
                AddressPolicy.LOCAL,
                Proxies.NONE,
                TrustedAuthorities.NONE);
        CacheSettings cache = new CacheSettings(
                96 << 10,
                96 << 10,
                48 << 10,
                24 << 10,
                Duration.ofMinutes(5),
                TAG_TTL,
                STALE_FOR,
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2));
        return Settings.local(client).withCache(cache).withReadPullSecrets(false);
    }

    /** Asks for so long at this rate, as far as the registries keep up, then waits until all is answered. */
    void run(Duration time, double rate, Consumer<SoakGauges.Reading> told) throws InterruptedException {
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
        Duration pace = time.compareTo(Duration.ofMinutes(2)) < 0 ? time.dividedBy(5) : Duration.ofSeconds(15);
        clock.scheduleAtFixedRate(this::ask, 0, (long) (1e9 / rate), TimeUnit.NANOSECONDS);
        clock.scheduleAtFixedRate(registries::change, 0, 900, TimeUnit.MILLISECONDS);
        clock.scheduleAtFixedRate(
                () -> told.accept(gauges.read()), pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
        clock.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
        clock.shutdown();
        clock.awaitTermination(10, TimeUnit.SECONDS);
        registries.clear();
        if (!places.tryAcquire(UNDER_WAY, 30, TimeUnit.SECONDS)) {
            wrong.add(UNDER_WAY - places.availablePermits() + " questions were never answered");
        }
    }

    private void ask() {
        if (!places.tryAcquire()) {
            waited.increment();
            return;
        }
        SoakImage image = someImage();
        String tenant = SoakRegistries.TENANTS.get(random.nextInt(SoakRegistries.TENANTS.size()));
        boolean readsAll = random.nextBoolean();
        Deadline deadline = Deadline.in(Duration.ofMillis(DEADLINES_MS[random.nextInt(DEADLINES_MS.length)]));
        try {
            engine.assessor()
                    .assess(
                            image.reference(),
                            Purpose.RUN,
                            image.profiles(),
                            readsAll ? Verification.MANIFESTS : Verification.INDEX,
                            keyring(tenant),
                            deadline)
                    .whenComplete((assessment, error) -> {
                        places.release();
                        if (error != null) {
                            wrong.add(image.reference() + " threw " + error);
                        } else {
                            check(image, tenant, readsAll, assessment);
                        }
                    });
        } catch (RuntimeException e) {
            places.release();
            wrong.add(image.reference() + " threw " + e);
        }
    }

    /** Half of the questions are for a few images that everybody wants, which the caches can hold. */
    private SoakImage someImage() {
        List<SoakImage> images = registries.images();
        int which = random.nextBoolean()
                ? random.nextInt(images.size())
                : random.nextInt(POPULAR) * (images.size() / POPULAR);
        return images.get(which);
    }

    private void check(SoakImage image, String tenant, boolean readsAll, ImageAssessment assessment) {
        assessment.verdicts().forEach((profile, verdict) -> {
            boolean old = VerdictQualifier.isAged(verdict.message());
            if (old) {
                stale.increment();
            }
            count(
                    verdicts,
                    verdict.label()
                            + (verdict instanceof Verdict.Runs
                                    ? ""
                                    : " " + verdict.reason().label()));
            long window = (old ? STALE_FOR : TAG_TTL).toSeconds() + ANSWER_SECONDS;
            image.objection(verdict, profile, tenant, readsAll, window, ANSWER_SECONDS + 1)
                    .filter(objection -> wrong.size() < 100)
                    .ifPresent(wrong::add);
        });
    }

    private static Keyring keyring(String tenant) {
        ReadCredentials credentials = tenant.equals(SoakRegistries.NOBODY)
                ? ReadCredentials.ANONYMOUS
                : new ReadCredentials(List.of(new Credential(tenant, SoakRegistries.passwordOf(tenant))));
        return (repository, deadline) -> CompletableFuture.completedFuture(new RegistryResult.Success<>(credentials));
    }

    private static void count(Map<String, LongAdder> counts, String name) {
        counts.computeIfAbsent(name, none -> new LongAdder()).increment();
    }

    /** What was wrong, the first hundred; empty when nothing was. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** What did not stay flat. */
    List<String> growth() {
        return gauges.growth();
    }

    /** How many verdicts there were, by label and reason. */
    Map<String, Long> verdicts() {
        return sums(verdicts);
    }

    /** How many requests are still under way. */
    int underWay() {
        return engine.cache().inFlight();
    }

    /** How many faults were made, by name. */
    Map<String, Long> faults() {
        return sums(registries.faults());
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    void print(PrintStream out) {
        List<String> lines = new ArrayList<>();
        lines.add("images " + registries.images().size() + ", tenants " + SoakRegistries.TENANTS.size());
        lines.add("verdicts " + sums(verdicts) + ", of them stale " + stale);
        lines.add("questions not asked because " + UNDER_WAY + " were under way " + waited);
        lines.add("requests " + sums(requests));
        lines.add("memory " + sums(memory));
        lines.add("faults " + sums(registries.faults()));
        lines.add("wrong " + wrong.size() + " " + wrong);
        lines.add("growth " + growth());
        lines.forEach(out::println);
    }

    @Override
    public void close() {
        engine.close();
        registries.close();
    }
}
