package dev.stowage.bench;

import dev.stowage.node.NodeFacts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * An API server as far as admission asks one: these nodes, lists that are otherwise empty, watches in which nothing happens, and one
 * ServiceAccount, without pull secrets, in every namespace.
 */
public final class StandInCluster implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server = vertx.createHttpServer();
    private final String nodes;

    private StandInCluster(List<NodeFacts> nodes) {
        JsonArray items = new JsonArray();
        nodes.forEach(node -> items.add(node(node)));
        this.nodes = list(items);
        server.requestHandler(this::answer);
        // a watch: nothing ever happens here
        server.webSocketHandler(socket -> {});
    }

    /** Starts one with these nodes. */
    public static StandInCluster start(List<NodeFacts> nodes) {
        StandInCluster cluster = new StandInCluster(nodes);
        cluster.server
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return cluster;
    }

    /** What {@code KUBECONFIG} names: the path to this API server. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: bench, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: bench, user: {}}]
                contexts: [{name: bench, context: {cluster: bench, user: bench}}]
                current-context: bench
                """.formatted(server.actualPort());
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        String body = path.endsWith("/nodes")
                ? nodes
                : path.contains("/serviceaccounts/")
                        ? "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}"
                        : list(new JsonArray());
        request.response().putHeader("Content-Type", "application/json").end(body);
    }

    private static String list(JsonArray items) {
        return new JsonObject()
                .put("apiVersion", "v1")
                .put("kind", "List")
                .put("metadata", new JsonObject().put("resourceVersion", "1"))
                .put("items", items)
                .encode();
    }

    private static JsonObject node(NodeFacts node) {
        JsonObject labels = new JsonObject();
        node.labels().forEach(labels::put);
        JsonArray taints = new JsonArray();
        node.taints()
                .forEach(taint -> taints.add(
                        new JsonObject(Map.of("key", taint.key(), "value", taint.value(), "effect", taint.effect()))));
        return new JsonObject()
                .put("apiVersion", "v1")
                .put("kind", "Node")
                .put(
                        "metadata",
                        new JsonObject()
                                .put("name", node.name())
                                .put("uid", node.name())
                                .put("resourceVersion", "1")
                                .put("labels", labels))
                .put("spec", new JsonObject().put("taints", taints))
                .put(
                        "status",
                        new JsonObject()
                                .put(
                                        "nodeInfo",
                                        new JsonObject()
                                                .put("operatingSystem", "linux")
                                                .put(
                                                        "architecture",
                                                        node.labels().get("kubernetes.io/arch"))
                                                .put("containerRuntimeVersion", "containerd://2.1.4")));
    }

    @Override
    public void close() {
        vertx.close();
    }
}
