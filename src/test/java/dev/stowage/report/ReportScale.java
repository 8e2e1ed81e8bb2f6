package dev.stowage.report;

import dev.stowage.cluster.watch.FedPods;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.UsageIndex;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program that shows what a large cluster costs the leader's memory and time: 5,000 nodes, 100,000 pods with two containers each of
 * 10,000 images in 100 namespaces, of 20,000 ReplicaSets that are not known (the dearer case). Pods are made one by one as the client
 * would parse them, so that only what is kept counts. Run it with a heap of 512 MB:
 *
 * <pre>mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp.txt
 * java -Xmx512m -cp target/test-classes:target/classes:$(cat target/cp.txt) dev.stowage.report.ReportScale</pre>
 */
final class ReportScale {

    private static final int NODES = 5_000;
    private static final int PODS = 100_000;
    private static final int IMAGES = 10_000;

    private ReportScale() {}

    public static void main(String... args) {
        long empty = heap();
        int[] told = {0};
        UsageIndex index = new UsageIndex("docker.io", key -> told[0]++);
        FedPods pods = new FedPods(index);

        long began = System.nanoTime();
        for (int i = 0; i < PODS; i++) {
            pods.feed(pod(i, "1"));
        }
        long fed = System.nanoTime();
        long full = heap();
        print("pods fed", PODS, began, fed);
        System.out.printf(
                "kept: %.1f MB, %d bytes a pod; %d images in use, %d changes told%n",
                (full - empty) / 1e6, (full - empty) / PODS, index.keys().size(), told[0]);

        int before = told[0];
        began = System.nanoTime();
        for (int i = 0; i < PODS; i++) {
            pods.feed(pod(i, "2"));
        }
        print("pods updated without news", PODS, began, System.nanoTime());
        System.out.printf("changes told: %d%n", told[0] - before);

        AtomicReference<List<NodeFacts>> nodes = new AtomicReference<>(nodes("linux/amd64"));
        EligibleProfiles eligibility = new EligibleProfiles(nodes::get);
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

        nodes.set(nodes("linux/arm64"));
        began = System.nanoTime();
        boolean changed = eligibility.refresh();
        print("change of all nodes taken note of (" + changed + ")", 1, began, System.nanoTime());
    }

    private static Pod pod(int number, String version) {
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
                .withNodeName("node-" + number % NODES)
                .withServiceAccountName("default")
                .addNewContainer()
                .withName("app")
                .withImage("registry.example/team/app-" + replicaSet % (IMAGES / 2) + ":1")
                .endContainer()
                .addNewContainer()
                .withName("proxy")
                .withImage("registry.example/mesh/proxy-" + replicaSet % (IMAGES / 2) + ":1")
                .endContainer()
                .endSpec()
                .build();
    }

    private static List<NodeFacts> nodes(String odd) {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            Platform platform = Platform.parse(i % 10 == 0 ? odd : "linux/amd64");
            Map<String, String> labels = Map.of(
                    "kubernetes.io/os",
                    "linux",
                    "kubernetes.io/arch",
                    platform.architecture(),
                    "kubernetes.io/hostname",
                    "node-" + i);
            nodes.add(new NodeFacts("node-" + i, false, Optional.of(NodeProfile.of(platform)), labels, List.of()));
        }
        return List.copyOf(nodes);
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
