package dev.stowage.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.cluster.watch.FedNodes;
import dev.stowage.cluster.watch.FedPods;
import dev.stowage.image.Digest;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.UsageIndex;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictSeeds;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program that shows what a large cluster costs the leader's memory and time: 5,000 nodes, 100,000 pods with two containers each of
 * 10,000 images in 100 namespaces, of 20,000 ReplicaSets that are not known (the dearer case); and each replica: the reports and the
 * nodes. Objects are made one by one as the client would parse them, so that only what is kept counts. Run it with a heap of 512 MB, or
 * with more and a factor by which all of this is multiplied:
 *
 * <pre>mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp.txt
 * java -Xmx512m -cp target/test-classes:target/classes:$(cat target/cp.txt) dev.stowage.report.ReportScale [FACTOR]</pre>
 */
final class ReportScale {

    private final int nodes;
    private final int pods;
    private final int images;

    private ReportScale(double factor) {
        nodes = (int) (5_000 * factor);
        pods = (int) (100_000 * factor);
        images = (int) (10_000 * factor);
    }

    public static void main(String... args) throws IOException {
        ReportScale scale = new ReportScale(args.length == 0 ? 1 : Double.parseDouble(args[0]));
        scale.pods();
        scale.reports();
        scale.nodes();
    }

    private void pods() {
        long empty = heap();
        int[] told = {0};
        UsageIndex index = new UsageIndex("docker.io", key -> told[0]++);
        FedPods fedPods = new FedPods(index);

        long began = System.nanoTime();
        for (int i = 0; i < pods; i++) {
            fedPods.feed(pod(i, "1"));
        }
        long fed = System.nanoTime();
        long full = heap();
        print("pods fed", pods, began, fed);
        System.out.printf(
                "kept: %.1f MB, %d bytes a pod; %d images in use, %d changes told%n",
                (full - empty) / 1e6, (full - empty) / pods, index.keys().size(), told[0]);

        int before = told[0];
        began = System.nanoTime();
        for (int i = 0; i < pods; i++) {
            fedPods.feed(pod(i, "2"));
        }
        print("pods updated without news", pods, began, System.nanoTime());
        System.out.printf("changes told: %d%n", told[0] - before);

        AtomicReference<List<NodeFacts>> known = new AtomicReference<>(nodes("linux/amd64"));
        EligibleProfiles eligibility = new EligibleProfiles(known::get);
        began = System.nanoTime();
        int users = 0;
        for (ImageKey key : index.keys()) {
            ImageUsage usage = index.usage(key);
            users += usage.users().size();
            eligibility.profiles(usage.rules());
        }
        print(
                "images looked up with " + users + " users and their platforms",
                index.keys().size(),
                began,
                System.nanoTime());

        known.set(nodes("linux/arm64"));
        began = System.nanoTime();
        boolean changed = eligibility.refresh();
        print("change of all nodes taken note of (" + changed + ")", 1, began, System.nanoTime());
    }

    /** What each replica keeps of the reports. */
    private void reports() throws IOException {
        ObjectMapper json = new ObjectMapper();
        ReportStore store = new ReportStore();
        long empty = heap();
        long bytes = 0;
        for (int i = 0; i < images; i++) {
            byte[] sent = json.writeValueAsBytes(report(i));
            bytes += sent.length;
            ImageReport report = json.readValue(sent, ImageReport.class);
            store.put(store.getKey(report), report);
        }
        long full = heap();
        System.out.printf(
                "reports: %d of %d bytes, %d bytes kept of each%n",
                store.size(), bytes / images, (full - empty) / images);
        VerdictSeeds verdicts = new VerdictSeeds(Ticker.systemTicker());
        ReportSeeds seeds = new ReportSeeds(verdicts, "docker.io", Clock.systemUTC());
        long added = store.values().filter(seeds::add).count();
        System.out.printf("verdicts taken over: %d, %.1f MB kept%n", added, (heap() - full) / 1e6);
    }

    private static ImageReport report(int number) {
        NodeProfile amd64 = NodeProfile.of(Platform.parse("linux/amd64"));
        NodeProfile arm64 = NodeProfile.of(Platform.parse("linux/arm64"));
        String image = "registry.example/team/app-" + number + ":1";
        ImageContents contents = new ImageContents(
                Optional.of(Digest.of(image.getBytes(StandardCharsets.UTF_8))),
                true,
                List.of(amd64.platform(), arm64.platform()),
                2,
                Optional.empty());
        Verdict runs = new Verdict.Runs(List.of());
        ImageScan scan = new ImageScan(
                new ImageAssessment(image, contents, Map.of(amd64, runs, arm64, runs)),
                ImageScan.Scope.FULL,
                Assessor.Purpose.RUN);
        Workload pods = new Workload(
                "Deployment",
                "team-" + number % 100,
                "app-" + number,
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
        ImageUsage usage = new ImageUsage(List.of(new ImageUsage.ImageUser(
                "Deployment",
                "app-" + number,
                "apps/v1",
                new UUID(1, number).toString(),
                "app",
                ImageUse.Role.MAIN,
                false,
                false,
                pods)));
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("app-" + number + "-3f9ac1d2")
                .withNamespace("team-" + number % 100)
                .withUid(new UUID(2, number).toString())
                .withResourceVersion(String.valueOf(number))
                .withGeneration(1L)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .withLabels(Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY))
                .build());
        report.setSpec(new ImageReportSpec(image, List.of()));
        report.setStatus(new StatusFactory()
                .next(
                        new ReconcileInput(1L, Optional.empty(), usage, Set.of(amd64, arm64), true, Optional.of(scan)),
                        Instant.now()));
        return report;
    }

    /** What each replica keeps of the nodes. */
    private void nodes() {
        FedNodes store = new FedNodes();
        long empty = heap();
        for (int i = 0; i < nodes; i++) {
            store.feed(node(i));
        }
        System.out.printf("nodes: %d, %d bytes kept of each%n", nodes, (heap() - empty) / nodes);
        store.feed(node(0));
    }

    private static Node node(int number) {
        Map<String, String> labels = new HashMap<>(Map.of(
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                "amd64",
                "kubernetes.io/hostname",
                "node-" + number,
                "node.kubernetes.io/instance-type",
                "m6.large",
                "topology.kubernetes.io/region",
                "eu-1",
                "topology.kubernetes.io/zone",
                "eu-1" + (char) ('a' + number % 3),
                "example.org/pool",
                "pool-" + number % 7,
                "example.org/rack",
                "rack-" + number / 40));
        for (int i = 0; i < 8; i++) {
            labels.put("example.org/label-" + i, "value-" + i);
        }
        return new NodeBuilder()
                .withNewMetadata()
                .withName("node-" + number)
                .withUid(new UUID(3, number).toString())
                .withResourceVersion(String.valueOf(number))
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withAllocatable(Map.of("cpu", new Quantity("16"), "memory", new Quantity("64Gi")))
                .withNewNodeInfo()
                .withArchitecture("amd64")
                .withOperatingSystem("linux")
                .withContainerRuntimeVersion("containerd://2.1.4")
                .withKubeletVersion("v1.34.4")
                .endNodeInfo()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    private Pod pod(int number, String version) {
        int replicaSet = number / 5;
        int namespace = replicaSet % 100;
        return new PodBuilder()
                .withNewMetadata()
                .withName("app-" + replicaSet + "-5d9c7b8f6-" + Integer.toString(number, 36))
                .withNamespace("team-" + namespace)
                .withUid(new UUID(replicaSet, number).toString())
                .withResourceVersion(version + number)
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName("app-" + replicaSet + "-5d9c7b8f6")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-" + number % nodes)
                .withServiceAccountName("default")
                .addNewContainer()
                .withName("app")
                .withImage("registry.example/team/app-" + replicaSet % (images / 2) + ":1")
                .endContainer()
                .addNewContainer()
                .withName("proxy")
                .withImage("registry.example/mesh/proxy-" + replicaSet % (images / 2) + ":1")
                .endContainer()
                .endSpec()
                .build();
    }

    private List<NodeFacts> nodes(String odd) {
        List<NodeFacts> made = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            Platform platform = Platform.parse(i % 10 == 0 ? odd : "linux/amd64");
            Map<String, String> labels = Map.of(
                    "kubernetes.io/os",
                    "linux",
                    "kubernetes.io/arch",
                    platform.architecture(),
                    "kubernetes.io/hostname",
                    "node-" + i);
            made.add(new NodeFacts("node-" + i, false, Optional.of(NodeProfile.of(platform)), labels, List.of()));
        }
        return List.copyOf(made);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void print(String what, int number, long began, long ended) {
        System.out.printf(
                "%s: %d in %d ms (%.1f µs each)%n",
                what, number, TimeUnit.NANOSECONDS.toMillis(ended - began), (ended - began) / 1e3 / number);
    }
}
