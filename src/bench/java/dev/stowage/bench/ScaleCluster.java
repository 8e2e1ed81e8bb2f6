package dev.stowage.bench;

import dev.stowage.demo.LocalApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real API server with a large cluster's objects in it, which nobody runs: nodes of two platforms, and ReplicaSets of five pods of two
 * containers each.
 */
public final class ScaleCluster implements AutoCloseable {

    private static final int NAMESPACES = 100;
    private static final int WRITERS = 16;
    private static final Pattern REQUESTS = Pattern.compile("apiserver_request_total\\{(.*)} ([0-9.e+]+)");

    private final KubernetesClient client;

    /** With this API server. */
    public ScaleCluster(LocalApiServer server) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
                .build();
    }

    /**
     * Fills it.
     *
     * @param images how many images there are, an even number, each in one namespace
     * @param registry what their names begin with
     */
    public void fill(int nodes, int pods, int images, String registry) throws IOException, InterruptedException {
        client.resource(Files.readString(Path.of("k8s", "crd-imagereports.yaml")))
                .create();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("stowage")
                        .endMetadata()
                        .build())
                .create();
        all(Math.min(NAMESPACES, images / 2), number -> MadeObjects.namespace(client, "team-" + number));
        all(nodes, number -> MadeObjects.node(client, "node-" + number, number % 2 == 0 ? "amd64" : "arm64"));
        all(pods / 5, number -> client.resource(replicaSet(number, images, registry))
                .create());
        all(pods, number -> client.resource(pod(number, nodes, images, registry))
                .create());
    }

    private static void all(int count, IntConsumer one) throws InterruptedException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        for (int i = 0; i < count; i++) {
            int number = i;
            writers.submit(() -> {
                try {
                    one.accept(number);
                } catch (RuntimeException e) {
                    System.err.println("not created: " + e.getMessage());
                }
            });
        }
        writers.shutdown();
        if (!writers.awaitTermination(2, TimeUnit.HOURS)) {
            throw new IllegalStateException("it takes too long");
        }
    }

    private static String namespaceOf(int replicaSet, int images) {
        return "team-" + replicaSet % (images / 2) % Math.min(NAMESPACES, images / 2);
    }

    private static String nameOf(int replicaSet) {
        return "app-" + replicaSet + "-5d9c7b8f6";
    }

    private static PodSpec containers(int replicaSet, int images, String registry) {
        int image = replicaSet % (images / 2);
        return new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("app")
                .withImage(registry + "/e4/app-" + image + ":1")
                .endContainer()
                .addNewContainer()
                .withName("proxy")
                .withImage(registry + "/e4/proxy-" + image + ":1")
                .endContainer()
                .build();
    }

    private static ReplicaSet replicaSet(int number, int images, String registry) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName(nameOf(number))
                .withNamespace(namespaceOf(number, images))
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", nameOf(number))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", nameOf(number))
                .endMetadata()
                .withSpec(containers(number, images, registry))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Pod pod(int number, int nodes, int images, String registry) {
        int replicaSet = number / 5;
        PodSpec spec = containers(replicaSet, images, registry);
        spec.setNodeName("node-" + number % nodes);
        return new PodBuilder()
                .withNewMetadata()
                .withName(nameOf(replicaSet) + "-" + Integer.toString(number, 36))
                .withNamespace(namespaceOf(replicaSet, images))
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName(nameOf(replicaSet))
                .withUid(new UUID(1, replicaSet).toString())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    /**
     * The writes that the API server has answered so far, by verb and resource, as it counts them itself; Leases, by which leaders say
     * that they are there, are left out, and questions about rights, which only look like writes.
     */
    Map<String, Long> writes() {
        Map<String, Long> writes = new TreeMap<>();
        for (String line : client.raw("/metrics").split("\n")) {
            Matcher request = REQUESTS.matcher(line);
            if (request.matches()) {
                String verb = label(request.group(1), "verb");
                String resource = label(request.group(1), "resource");
                String part = label(request.group(1), "subresource");
                boolean write = verb.matches("POST|PUT|PATCH|APPLY|DELETE|DELETECOLLECTION")
                        && !resource.equals("leases")
                        && !resource.startsWith("selfsubject");
                if (write) {
                    writes.merge(
                            verb + " " + resource + (part.isEmpty() ? "" : "/" + part) + " "
                                    + label(request.group(1), "code"),
                            (long) Double.parseDouble(request.group(2)),
                            Long::sum);
                }
            }
        }
        return writes;
    }

    /** What was written between two of those. */
    static Map<String, Long> since(Map<String, Long> before, Map<String, Long> now) {
        Map<String, Long> more = new TreeMap<>();
        now.forEach((what, count) -> {
            long difference = count - before.getOrDefault(what, 0L);
            if (difference > 0) {
                more.put(what, difference);
            }
        });
        return more;
    }

    private static String label(String labels, String name) {
        Matcher label = Pattern.compile("(?:^|,)" + name + "=\"([^\"]*)\"").matcher(labels);
        return label.find() ? label.group(1) : "";
    }

    @Override
    public void close() {
        client.close();
    }
}
