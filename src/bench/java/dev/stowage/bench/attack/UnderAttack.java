package dev.stowage.bench.attack;

import dev.stowage.bench.HookProcess;
import dev.stowage.bench.StandInRegistry;
import dev.stowage.bench.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows that nobody harms others through Stowage: starts the built application with a heap of at most 256 MB, sends 400 honest reviews a second
 * next to each attack, and prints what became of them. Ends with 1 if an honest review was decided wrongly or not in the ten seconds that
 * an API server waits, or if the process ended. How fast answers came is printed only, because the machine is shared with the attackers.
 */
public final class UnderAttack {

    private static final int NODES = 5_000;
    private static final double WARM_SECONDS = 10;
    private static final double WARM_MILLIS = 50;
    private static final int WARM_ROUNDS = 6;

    private final double seconds;
    private final Optional<Path> resolver;
    private final Vertx vertx = Vertx.vertx();
    private final Vertx attackers = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final StandInRegistry shared = StandInRegistry.start(vertx);
    private final StandInRegistry tokens = StandInRegistry.start(vertx);
    private final NetServer silent =
            Waiting.on(vertx.createNetServer().connectHandler(connection -> {}).listen(0, "0.0.0.0"));
    private final AtomicInteger fresh = new AtomicInteger();
    private boolean fine = true;

    private UnderAttack(double seconds, Optional<Path> resolver) {
        this.seconds = seconds;
        this.resolver = resolver;
    }

    /**
     * Runs it.
     *
     * @param args {@code [--seconds N] [--nodes N] [ATTACK…]}; without a name, all attacks
     */
    public static void main(String... args) throws Exception {
        List<String> names = new ArrayList<>(Arrays.asList(args));
        double seconds = Double.parseDouble(take(names, "--seconds", "20"));
        int nodes = Integer.parseInt(take(names, "--nodes", String.valueOf(NODES)));
        if (!Attacks.all().keySet().containsAll(names)) {
            System.err.println("usage: hack/attack [--seconds N] [--nodes N] [ATTACK…]; the attacks: "
                    + String.join(" ", Attacks.all().keySet()));
            System.exit(64);
        }
        UnderAttack run = new UnderAttack(
                seconds, Optional.ofNullable(System.getProperty("silent.names")).map(Path::of));
        try (AttackCluster cluster = AttackCluster.start(nodes, run.shared.address())) {
            System.out.println("| attack | honest reviews | wrong | failed | p50 ms | p99 ms | sent late p99 ms |"
                    + " resident MB: before, most, after | the attacker got |");
            System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            run.attacks(cluster, names.isEmpty() ? Attacks.all().keySet() : names);
        } catch (Exception e) {
            e.printStackTrace();
            run.fine = false;
        }
        // Vert.x has threads that do not end by themselves
        System.exit(run.fine ? 0 : 1);
    }

    private static String take(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return options.remove(at);
    }

    private void attacks(AttackCluster cluster, Collection<String> names) throws Exception {
        HookProcess served = cluster.serve(resolver);
        try {
            for (String name : names) {
                if (name.startsWith("stored") && cluster.client().isEmpty()) {
                    System.out.println("| " + name + " | skipped: there is no API server on this machine |");
                    continue;
                }
                if (name.equals(Attacks.RESTART) || !served.runs()) {
                    served.close();
                    served = cluster.serve(resolver);
                }
                attack(cluster, served, name);
            }
        } finally {
            served.close();
        }
    }

    private void attack(AttackCluster cluster, HookProcess served, String name) throws Exception {
        Setting setting = new Setting(
                attackers,
                served.port(),
                cluster.path(),
                shared,
                tokens,
                silent.actualPort(),
                resolver.isPresent(),
                cluster.client(),
                new Tally(),
                new AtomicLong());
        try (HonestLoad honest = new HonestLoad(vertx, served.port(), cluster.path(), shared.address(), fresh)) {
            warm(honest);
            Resident resident = new Resident(served);
            HonestLoad.Result result;
            try (resident;
                    AutoCloseable attack = Attacks.all().get(name).begin(setting)) {
                result = honest.run(seconds);
            }
            print(Attacks.description(name, setting), result, setting, resident);
            if (!served.runs()) {
                System.out.println("THE PROCESS ENDED, see " + served.log());
            }
            fine &= served.runs()
                    && result.wrong() == 0
                    && result.failed() == 0
                    && setting.wrong().get() == 0;
        }
    }

    /** Until the code is compiled, which takes a minute on a busy machine. */
    private static void warm(HonestLoad honest) throws InterruptedException {
        for (int round = 0; round < WARM_ROUNDS && honest.run(WARM_SECONDS).millis(90) > WARM_MILLIS; round++) {
            // once more
        }
    }

    private static void print(String attack, HonestLoad.Result result, Setting setting, Resident resident) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %d | %d | %.1f | %.0f | %.0f | %s | %s |%n",
                attack,
                result.times().getTotalCount(),
                result.wrong() + setting.wrong().get(),
                result.failed(),
                result.millis(50),
                result.millis(99),
                result.lateMillis(99),
                resident.inWords(),
                setting.answers().inWords());
        if (!result.example().isEmpty()) {
            System.out.println("for example: " + result.example());
        }
    }

    /** The memory that a process occupies while this is open. */
    private static final class Resident implements AutoCloseable {

        private final HookProcess process;
        private final long before;
        private final Thread watch = new Thread(this::watch, "resident");
        private volatile long most;
        private volatile long last;

        Resident(HookProcess process) {
            this.process = process;
            this.before = process.residentMegabytes();
            this.most = before;
            this.last = before;
            watch.setDaemon(true);
            watch.start();
        }

        private void watch() {
            try {
                while (true) {
                    last = process.residentMegabytes();
                    most = Math.max(most, last);
                    TimeUnit.MILLISECONDS.sleep(200);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String inWords() {
            return before + ", " + most + ", " + last;
        }

        @Override
        public void close() {
            watch.interrupt();
        }
    }
}
