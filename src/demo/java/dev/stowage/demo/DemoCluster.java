package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A real API server that knows an amd64 and an arm64 node and asks the webhook; what it says is the API server's own. */
final class DemoCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path CRD = Path.of("k8s", "crd-imagereports.yaml");
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String REPORTS = "/apis/stowage.dev/v1alpha1/namespaces/default/imagereports";
    private static final String WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

    private final LocalApiServer server;
    private final String version;

    private DemoCluster(LocalApiServer server, String version) {
        this.server = server;
        this.version = version;
    }

    /**
     * Starts the API server and creates its nodes.
     *
     * @throws IOException when it does not start
     */
    static DemoCluster start(KubeBinaries binaries) throws IOException, InterruptedException {
        LocalApiServer server = LocalApiServer.start(binaries);
        DemoCluster cluster = new DemoCluster(server, binaries.version());
        try {
            // The ServiceAccount controller would make it; without it no pod is let in.
            cluster.create("/api/v1/namespaces/default/serviceaccounts", object("v1", "ServiceAccount", "default"));
            cluster.create("/api/v1/namespaces", object("v1", "Namespace", StowageProcess.NAMESPACE));
            for (DemoNode node : DemoNode.values()) {
                cluster.createNode(node);
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** A kubeconfig file of an administrator. */
    Path kubeconfig() {
        return server.kubeconfig();
    }

    /**
     * Has this webhook asked from now on.
     *
     * @param known a manifest that the webhook denies, to see when the API server has taken notice
     */
    void register(ObjectNode configuration, Manifest known) throws IOException, InterruptedException {
        create(WEBHOOKS, configuration);
        Instant patience = Instant.now().plus(PATIENCE);
        while (!isDenied(known)) {
            if (Instant.now().isAfter(patience)) {
                throw new IOException("the API server does not deny what the webhook denies, after "
                        + PATIENCE.toSeconds() + " seconds");
            }
            Thread.sleep(100);
        }
    }

    /** Whether the webhook denies it, tried without leaving anything behind. */
    private boolean isDenied(Manifest known) throws IOException, InterruptedException {
        KubeApi.Reply reply = server.client().post(known.kind().path() + "?dryRun=All", known.content());
        String message = reply.body().path("message").asText();
        if (!reply.succeeded() && !message.contains("denied the request")) {
            throw new IOException("the API server refuses " + known.file() + ", and not for the webhook: " + message);
        }
        return !reply.succeeded();
    }

    /** Has the API server know what an ImageReport is. */
    void defineReports() throws IOException, InterruptedException {
        create(CRDS, (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(CRD.toFile()));
        Instant patience = Instant.now().plus(PATIENCE);
        while (!server.client().get(REPORTS).succeeded()) {
            if (Instant.now().isAfter(patience)) {
                throw new IOException(
                        "the API server does not serve ImageReports after " + PATIENCE.toSeconds() + " seconds");
            }
            Thread.sleep(50);
        }
    }

    /**
     * What {@code kubectl get imagereports} prints.
     *
     * @param images how many reports with a verdict are waited for
     */
    List<String> reports(int images) throws IOException, InterruptedException {
        Instant patience = Instant.now().plus(PATIENCE);
        while (judged() < images) {
            if (Instant.now().isAfter(patience)) {
                throw new IOException("there are not " + images + " ImageReports with a verdict after "
                        + PATIENCE.toSeconds() + " seconds, but " + judged());
            }
            Thread.sleep(100);
        }
        return PrintedTable.of(server.client().table(REPORTS).body()).lines();
    }

    private int judged() throws IOException, InterruptedException {
        int judged = 0;
        for (JsonNode report : server.client().get(REPORTS).body().path("items")) {
            judged += report.at("/status/verdict").isMissingNode() ? 0 : 1;
        }
        return judged;
    }

    /** Where its API is. */
    URI url() {
        return server.url();
    }

    /** Creates an object, as {@code kubectl apply} does when there is none. */
    Applied apply(Manifest manifest) throws IOException, InterruptedException {
        KubeApi.Reply reply = server.client().post(manifest.kind().path(), manifest.content());
        return reply.succeeded()
                ? Applied.created(manifest, reply.warnings())
                : Applied.refused(manifest, reply.body(), reply.warnings());
    }

    @Override
    public void close() {
        server.close();
    }

    private void createNode(DemoNode node) throws IOException, InterruptedException {
        ObjectNode object = object("v1", "Node", node.label());
        ObjectNode labels = ((ObjectNode) object.get("metadata")).putObject("labels");
        node.labels().forEach(labels::put);
        JsonNode created = create("/api/v1/nodes", object);
        ObjectNode status = ((ObjectNode) created).putObject("status");
        ObjectNode info = status.putObject("nodeInfo")
                .put("operatingSystem", node.platform().os())
                .put("architecture", node.platform().architecture())
                .put("containerRuntimeVersion", "containerd://2.1.4")
                .put("kubeletVersion", "v" + version);
        // The API server wants these fields and does not mind what they say.
        for (String field :
                List.of("bootID", "kernelVersion", "kubeProxyVersion", "machineID", "osImage", "systemUUID")) {
            info.put(field, "");
        }
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "KubeletReady")
                .put("message", "for show: no kubelet runs here");
        expect(server.client().put("/api/v1/nodes/" + node.label() + "/status", created), node.label());
    }

    private JsonNode create(String path, ObjectNode object) throws IOException, InterruptedException {
        return expect(server.client().post(path, object), object.path("kind").asText());
    }

    private static JsonNode expect(KubeApi.Reply reply, String what) throws IOException {
        if (!reply.succeeded()) {
            throw new IOException("the API server did not take the " + what + ": "
                    + reply.body().path("message").asText());
        }
        return reply.body();
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }
}
