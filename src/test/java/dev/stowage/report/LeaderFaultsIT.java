package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.testing.CuttableProxy;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the leader while it is in the middle of its work. */
@RequiresApiServer
@OneKubernetesVersion
class LeaderFaultsIT {

    private static final int IMAGES = 30;

    @TempDir
    private Path folder;

    private ApiServer server;
    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        server = ApiServer.shared();
        world = new ReportWorld(server);
        ReportWorld.installCrd(world.client);
        tags().forEach(tag -> world.registry.push(tag, "linux/amd64"));
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    @DisplayName("the leader is killed in the middle of its work: another one does the rest, and nothing twice")
    void theLeaderIsKilled() throws Exception {
        try (OperatorProcess one = process("one")) {
            world.await("a leader", () -> holds("one"));
            beginWork();
            one.kill();
        }
        Map<String, String> before = done();
        ReportOperator two = world.operator(world.client, "two");

        world.await("the other to do the rest", () -> done().size() == IMAGES);

        assertThat(two.leading()).isTrue();
        assertThat(world.reports()).hasSize(IMAGES);
        assertThat(done()).as("what was right is left alone").containsAllEntriesOf(before);
    }

    @Test
    @DisplayName("the leader is frozen for longer than its lease and goes on: it overwrites nothing")
    void theLeaderIsFrozen() throws Exception {
        try (OperatorProcess one = process("one")) {
            world.await("a leader", () -> holds("one"));
            beginWork();
            one.freeze();
            ReportOperator two = world.operator(world.client, "two");
            world.await("the other to lead", two::leading);
            world.await("the other to do the rest", () -> done().size() == IMAGES);
            // what the frozen one believes to be in use no longer is
            for (int i = 0; i < IMAGES; i += 2) {
                world.client
                        .apps()
                        .deployments()
                        .inNamespace(world.namespace)
                        .withName("web-" + i)
                        .delete();
            }
            world.await("that to be written", () -> unused() == IMAGES / 2);
            Map<String, String> before = done();

            one.thaw();
            world.await("it to know that it no longer leads", () -> !one.leading());
            awaitRenewals();

            assertThat(one.runs()).as(one.output()).isTrue();
            assertThat(holds("two")).isTrue();
            assertThat(two.leading()).isTrue();
            assertThat(world.reports()).hasSize(IMAGES);
            assertThat(done()).isEqualTo(before);

            two.close();
            world.await("the first to lead again", () -> holds("one"));
            world.deploy("web-0", image(0));
            world.await("it to know what is in use", () -> unused() == IMAGES / 2 - 1);
        }
    }

    @Test
    @DisplayName("the leader is cut off from the API server: it stops leading by itself, and stands by afterwards")
    void theLeaderIsPartitioned() throws Exception {
        int port = URI.create(world.client.getConfiguration().getMasterUrl()).getPort();
        try (CuttableProxy wire = new CuttableProxy(port)) {
            KubernetesClient through =
                    world.keep(ReportWorld.client(server.kubeconfig().replace(":" + port, ":" + wire.port())));
            ReportOperator one = world.operator(through, "one");
            world.await("a leader", one::leading);
            beginWork();

            wire.cut();
            ReportOperator two = world.operator(world.client, "two");
            world.await("the other to lead", two::leading);
            world.await("the other to do the rest", () -> done().size() == IMAGES);
            world.await("the first to know that it does not lead", () -> !one.leading());
            Map<String, String> before = done();

            wire.mend();
            world.await("the first to stand by", () -> one.problem().isEmpty() && !one.leading());
            awaitRenewals();

            assertThat(two.leading()).isTrue();
            assertThat(one.leading()).isFalse();
            assertThat(world.reports()).hasSize(IMAGES);
            assertThat(done()).isEqualTo(before);

            two.close();
            world.await("the first to lead again", one::leading);
            world.registry.push("more", "linux/amd64");
            world.deploy("more", "registry.example/shop/web:more");
            world.await("registry.example/shop/web:more", "Compatible");
        }
    }

    @Test
    @DisplayName("two leaders for a moment: one report and one event for each image, and no fight")
    void twoLeadersForAMoment() throws Exception {
        world.nodes("linux/amd64", "linux/arm64");
        ReportOperator one = world.operator(world.client, "one");
        ReportOperator two = world.operatorWithItsOwnLease("two");
        world.await("both to lead", () -> one.leading() && two.leading());
        deploy(0, IMAGES);
        world.await(
                "all reports",
                () -> world.reports().stream().filter(LeaderFaultsIT::isDone).count() == IMAGES);
        world.awaitQuiet();
        double before = world.writes("status", "ok");

        // each of them could undo what the other wrote
        IntStream.range(0, IMAGES).forEach(i -> world.touch(image(i)));
        List<String> versions = versions();
        world.awaitQuiet();

        assertThat(world.writes("status", "ok")).isEqualTo(before);
        assertThat(world.reports()).hasSize(IMAGES);
        assertThat(versions()).isEqualTo(versions);
        assertThat(world.writes("create", "ok")).isEqualTo(IMAGES);
        assertThat(world.client
                        .v1()
                        .events()
                        .inNamespace(world.namespace)
                        .list()
                        .getItems())
                .hasSize(IMAGES);
    }

    private OperatorProcess process(String identity) throws Exception {
        return OperatorProcess.start(folder, server.kubeconfig(), world.lease(), identity, tags());
    }

    private static List<String> tags() {
        return IntStream.range(0, IMAGES).mapToObj(i -> "v" + i).toList();
    }

    private static String image(int number) {
        return "registry.example/shop/web:v" + number;
    }

    /** When this returns the leader has done something, and has just been told of more. */
    private void beginWork() {
        deploy(0, IMAGES / 2);
        world.await("it to be in the middle", () -> !done().isEmpty());
        deploy(IMAGES / 2, IMAGES);
    }

    private void deploy(int from, int to) {
        for (int i = from; i < to; i++) {
            world.deploy("web-" + i, image(i));
        }
    }

    private boolean holds(String identity) {
        return lease().filter(spec -> identity.equals(spec.getHolderIdentity())).isPresent();
    }

    private Optional<LeaseSpec> lease() {
        return Optional.ofNullable(world.client
                        .leases()
                        .inNamespace("default")
                        .withName(world.lease())
                        .get())
                .map(Lease::getSpec);
    }

    /** Until the lease was renewed twice: as often as that, whoever stands by has tried to get it. */
    private void awaitRenewals() {
        for (int renewal = 0; renewal < 2; renewal++) {
            Optional<ZonedDateTime> before = lease().map(LeaseSpec::getRenewTime);
            world.await("a renewal of the lease", () -> !lease().map(LeaseSpec::getRenewTime)
                    .equals(before));
        }
    }

    private static boolean isDone(ImageReport report) {
        return report.getStatus() != null
                && !"Unresolved".equals(report.getStatus().verdict());
    }

    /** The versions of the reports that have their finding, by image. */
    private Map<String, String> done() {
        Map<String, String> done = new TreeMap<>();
        world.reports().stream()
                .filter(LeaderFaultsIT::isDone)
                .forEach(report ->
                        done.put(report.getSpec().image(), report.getMetadata().getResourceVersion()));
        return done;
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>(done().values());
        assertThat(versions).hasSize(IMAGES);
        return versions;
    }

    private long unused() {
        return world.reports().stream()
                .filter(report ->
                        report.getStatus() != null && report.getStatus().unusedSinceTime() != null)
                .count();
    }
}
