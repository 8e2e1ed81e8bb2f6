package dev.stowage.bench.soak;

import dev.stowage.bench.HookProcess;
import dev.stowage.demo.KubeBinaries;
import dev.stowage.demo.LocalApiServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends reviews at full speed to two replicas of the built application, each with a heap of at most 256 MB, on a real API server, while
 * registries fail, tags move, nodes come and go, the leader changes, and one replica is killed now and then. Every answer is checked.
 * Ends with 1 if a verdict was wrong, a review failed, or a replica's memory, threads or descriptors grew, and with 69 when there is no
 * API server on this machine.
 */
public final class Soak {

    private static final int NO_API_SERVER = 69;
    private static final long NEW_LEADER_SECONDS = 30;
    private static final Path FILE = Path.of("target", "soak", "samples.csv");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient probe = HttpClient.newHttpClient();
    private final SoakPlan plan;
    private final SoakCluster cluster;
    private final SoakedRegistries registries;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final long began;
    private ReviewLoad load;
    private String leader = "";
    private long leaderChanges;
    private int kills;
    private long leaseTaken = Long.MAX_VALUE;

    private Soak(SoakPlan plan, LocalApiServer server) {
        this.plan = plan;
        this.cluster = new SoakCluster(server, plan.seed());
        this.registries = new SoakedRegistries(vertx, plan.seed());
        this.began = System.nanoTime();
    }

    /**
     * Runs it and prints what it finds.
     *
     * @param args {@code --minutes N --seed N --short}
     */
    public static void main(String... args) throws Exception {
        Optional<SoakPlan> plan = SoakPlan.of(Arrays.asList(args));
        if (plan.isEmpty()) {
            System.err.println("usage: bench/soak [--short] [--minutes N] [--seed N]");
            System.exit(64);
        }
        Optional<KubeBinaries> binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")));
        if (binaries.isEmpty()) {
            System.err.println("there is no API server to start against; " + KubeBinaries.HOW_TO_GET_THEM);
            System.exit(NO_API_SERVER);
        }
        boolean fine = false;
        try (LocalApiServer server = LocalApiServer.start(binaries.get());
                Samples samples = new Samples(FILE)) {
            fine = new Soak(plan.get(), server).run(samples);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
        }
        // Vert.x has threads that do not end by themselves
        System.exit(fine ? 0 : 1);
    }

    private static void say(String line, Object... values) {
        System.out.printf(Locale.ROOT, line + "%n", values);
    }

    private boolean run(Samples samples) throws IOException, InterruptedException {
        say("%s", plan.inWords());
        try {
            prepare();
            load.start();
            long start = System.nanoTime();
            for (int second = 1; second <= plan.seconds(); second++) {
                TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
                tick(second, samples);
            }
            double took = (System.nanoTime() - start) / 1e9;
            load.end();
            return result(samples, took);
        } finally {
            if (load != null) {
                load.end();
            }
            replicas.forEach(Replica::close);
            cluster.close();
        }
    }

    private void prepare() throws IOException, InterruptedException {
        int[] ports = {HookProcess.freePort(), HookProcess.freePort()};
        List<List<SoakedImage>> pairs = new ArrayList<>();
        List<SoakedImage> images = registries.images();
        for (int i = 0; i < images.size() / 2; i++) {
            // each kind of image together with others; half of the pairs are of one registry
            pairs.add(List.of(images.get(i), images.get(images.size() - 1 - (i * 13 + 3) % (images.size() / 2))));
        }
        cluster.fill(ports[0], pairs);
        for (int i = 0; i < ports.length; i++) {
            Replica replica = new Replica(vertx, probe, "replica-" + (i + 1), ports[i], cluster.kubeconfig());
            replica.start();
            replicas.add(replica);
        }
        List<PodReview> reviews = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            String namespace = SoakCluster.namespace(i);
            reviews.add(new PodReview("pod-" + i, namespace, pairs.get(i), Map.of(), cluster.all()));
            reviews.add(new PodReview("pool-pod-" + i, namespace, pairs.get(i), SoakCluster.POOL, cluster.pool()));
            reviews.add(
                    new PodReview("single-pod-" + i, namespace, pairs.get(i).subList(0, 1), Map.of(), cluster.all()));
        }
        load = new ReviewLoad(replicas, reviews, cluster.reviewPath(), this::problem);
        say("%d images, %d reviews, two replicas ready after %.0f s", images.size(), reviews.size(), seconds());
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private synchronized void problem(String what) {
        problems.add(what);
        say("WRONG after %.0f s: %s", seconds(), what);
    }

    /** A second has passed. */
    private void tick(int second, Samples samples) throws IOException, InterruptedException {
        registries.tick();
        cluster.tick();
        load.giveUp();
        watchLeader();
        if (second % plan.leaderEvery() == 0 && !leader.isEmpty()) {
            cluster.takeLease();
            leaseTaken = System.nanoTime();
        }
        if (plan.killsAt(second)) {
            killAndStart(replicas.get(1));
        }
        for (Replica replica : replicas) {
            if (replica.hasEnded()) {
                throw new IOException(replica.name() + " has ended, see " + replica.log());
            }
            if (second % plan.sampleEvery() == 0 && replica.isUp()) {
                samples.add(replica.sample(second / 60.0, load.counts()), leaderChanges);
            }
        }
    }

    private void watchLeader() {
        Optional<String> now = cluster.leader();
        if (now.isPresent()) {
            leaderChanges += leader.isEmpty() || leader.equals(now.get()) ? 0 : 1;
            leader = now.get();
            leaseTaken = Long.MAX_VALUE;
        } else if (leaseTaken != Long.MAX_VALUE
                && System.nanoTime() - leaseTaken > TimeUnit.SECONDS.toNanos(NEW_LEADER_SECONDS)) {
            leaseTaken = Long.MAX_VALUE;
            problem("nobody leads " + NEW_LEADER_SECONDS + " s after the Lease was taken from " + leader);
        }
    }

    private void killAndStart(Replica replica) throws InterruptedException {
        replica.kill();
        kills++;
        Thread again = new Thread(
                () -> {
                    try {
                        replica.start();
                    } catch (IOException | RuntimeException e) {
                        problem(replica.name() + " does not start again: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "start-again");
        again.setDaemon(true);
        again.start();
    }

    private boolean result(Samples samples, double took) {
        replicas.stream()
                .filter(Replica::isOverdue)
                .forEach(replica -> problem(replica.name() + " is not ready a minute after its start"));
        ReviewLoad.Counts counts = load.counts();
        List<String> growth = samples.growth();
        say(
                "%n%,d reviews in %.0f s, %,.0f a second: %s",
                counts.reviews(), took, counts.reviews() / took, load.decisions());
        say("answers: %s", load.times());
        say(
                "%d wrong, %d failed; %d sent again to the other replica when one was killed",
                counts.wrong(), counts.failed(), counts.again());
        say(
                "%s, %d changes of nodes, %d changes of the leader, %d kills",
                registries.inWords(), cluster.changes(), leaderChanges, kills);
        say("growth: %s%n", growth.isEmpty() ? "none" : growth);
        samples.printTable();
        samples.printPlots();
        say("%nall samples: %s", FILE);
        return problems.isEmpty() && growth.isEmpty();
    }
}
