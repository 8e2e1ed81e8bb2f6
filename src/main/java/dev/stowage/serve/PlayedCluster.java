package dev.stowage.serve;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Plays an API server on the loopback interface, as far as {@code stowage serve} asks one: an amd64 and an arm64 node, lists that
 * are otherwise empty, watches in which nothing happens, and objects that are kept as they were written. For a start without a
 * cluster, of which nobody takes decisions.
 */
public final class PlayedCluster implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;
    private static final String NODES = "nodes";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server = vertx.createHttpServer();
    private final Map<String, Buffer> objects = new ConcurrentHashMap<>();

    private PlayedCluster() {
        server.requestHandler(this::handle);
        // a watch: nothing ever happens here
        server.webSocketHandler(socket -> {});
    }

    /**
     * Starts it.
     *
     * @throws Exception when the loopback interface gives no port
     */
    public static PlayedCluster start() throws Exception {
        PlayedCluster cluster = new PlayedCluster();
        cluster.server
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return cluster;
    }

    /** Where its API is. */
    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() {
        vertx.close();
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            List<String> place = place(request.path());
            if (request.method() == HttpMethod.POST) {
                answer(request, 201, created(request.path(), new JsonObject(body)));
            } else if (request.method() != HttpMethod.GET) {
                objects.put(request.path(), body);
                answer(request, 200, body);
            } else if (place.size() == 1) {
                answer(request, 200, list(place.get(0)));
            } else {
                Buffer kept = objects.get(request.path());
                answer(request, kept == null ? 404 : 200, kept == null ? notFound() : kept);
            }
        });
    }

    private Buffer created(String path, JsonObject object) {
        if (path.endsWith("/selfsubjectrulesreviews")) {
            JsonArray all = new JsonArray().add("*");
            JsonObject rule =
                    new JsonObject().put("verbs", all).put("apiGroups", all).put("resources", all);
            return object.put(
                            "status",
                            new JsonObject()
                                    .put("incomplete", false)
                                    .put("resourceRules", new JsonArray().add(rule))
                                    .put("nonResourceRules", new JsonArray()))
                    .toBuffer();
        }
        JsonObject metadata = object.getJsonObject("metadata", new JsonObject()).put("resourceVersion", "1");
        Buffer kept = object.put("metadata", metadata).toBuffer();
        objects.put(path + "/" + metadata.getString("name", ""), kept);
        return kept;
    }

    /** What is behind group, version and namespace: a resource, and maybe a name. */
    private static List<String> place(String path) {
        List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/")));
        List<String> rest = parts.subList(Math.min(parts.size(), parts.get(0).equals("api") ? 2 : 3), parts.size());
        return rest.size() > 2 && rest.get(0).equals("namespaces") ? rest.subList(2, rest.size()) : rest;
    }

    private static Buffer list(String resource) {
        String items = resource.equals(NODES) ? node("amd64") + "," + node("arm64") : "";
        return Buffer.buffer(
                "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + items
                        + "]}");
    }

    private static String node(String architecture) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"node-" + architecture
                + "\",\"uid\":\""
                + architecture + "\",\"resourceVersion\":\"1\",\"labels\":{\"kubernetes.io/os\":\"linux\","
                + "\"kubernetes.io/arch\":\"" + architecture + "\"}},\"spec\":{},\"status\":{\"nodeInfo\":"
                + "{\"operatingSystem\":\"linux\",\"architecture\":\"" + architecture
                + "\",\"containerRuntimeVersion\":\"containerd://2.1.4\"}}}";
    }

    private static Buffer notFound() {
        return Buffer.buffer(
                "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\","
                        + "\"message\":\"not found\",\"code\":404}");
    }

    private static void answer(HttpServerRequest request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }
}
