package dev.stowage.bench;

import dev.stowage.image.Digest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a registry: holds every image that it is asked for, answers after a settable time, and counts. The first part of a
 * repository's name says what its image is: {@code e4/…} an index of four entries, {@code single/…} a single manifest,
 * {@code foreign/…} one for a platform that no node has; {@code sick/…} is answered with 503.
 */
public final class StandInRegistry {

    private static final Pattern ROUTE = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");

    /** What is counted. */
    public enum Kind {
        /** A manifest by tag. */
        MANIFEST,
        /** Whether a tag has moved. */
        HEAD,
        /** A manifest by digest. */
        CHILD,
        /** A config. */
        CONFIG,
        /** A token. */
        TOKEN,
        /** A request that came without the token it needs. */
        CHALLENGE
    }

    /** Comes between a request and its answer. */
    public interface Faults {
        /**
         * Answers the request itself, or runs {@code answer}, now or later.
         *
         * @param repository whose content is wanted
         */
        void handle(HttpServerRequest request, String repository, Runnable answer);
    }

    private final Vertx vertx;
    private final Map<String, MadeImage> images = new ConcurrentHashMap<>();
    private final Map<Kind, AtomicInteger> counts = new EnumMap<>(Kind.class);
    private volatile HttpServer server;
    private volatile int latencyMillis;
    private volatile boolean wantsTokens;
    private volatile Faults faults = (request, repository, answer) -> answer.run();

    private StandInRegistry(Vertx vertx) {
        this.vertx = vertx;
        for (Kind kind : Kind.values()) {
            counts.put(kind, new AtomicInteger());
        }
    }

    /** Starts one on a free loopback port. */
    public static StandInRegistry start(Vertx vertx) {
        StandInRegistry registry = new StandInRegistry(vertx);
        registry.server = Waiting.on(
                vertx.createHttpServer().requestHandler(registry::handle).listen(0, "127.0.0.1"));
        return registry;
    }

    /** Host and port as in references. */
    public String address() {
        return "127.0.0.1:" + server.actualPort();
    }

    /** From now on every answer takes so long. */
    public StandInRegistry latency(int millis) {
        latencyMillis = millis;
        return this;
    }

    /** Whether a bearer token is wanted from now on, one for each repository. */
    public StandInRegistry tokens(boolean wanted) {
        wantsTokens = wanted;
        return this;
    }

    /** From now on this comes between requests and their answers. */
    public StandInRegistry faults(Faults between) {
        faults = between;
        return this;
    }

    /** From now on all tags of a repository name this image; what it held before can still be read by digest. */
    public void move(String repository, MadeImage image) {
        images.merge(repository, image, MadeImage::over);
    }

    /** The digest of what the tags of a repository name. */
    public Digest digest(String repository) {
        return Digest.of(
                images.computeIfAbsent(repository, StandInRegistry::make).top());
    }

    /** How many requests of this kind came since the start or the last {@link #reset}. */
    public int count(Kind kind) {
        return counts.get(kind).get();
    }

    /** How many requests of any kind came. */
    public int total() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Counts from zero. */
    public void reset() {
        counts.values().forEach(count -> count.set(0));
    }

    private void handle(HttpServerRequest request) {
        if (latencyMillis > 0) {
            vertx.setTimer(latencyMillis, timer -> answer(request));
        } else {
            answer(request);
        }
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        Matcher route = ROUTE.matcher(path);
        if (path.equals("/token")) {
            counted(Kind.TOKEN);
            String token = request.getParam("scope", "none");
            send(request, 200, "application/json", Buffer.buffer("{\"token\":\"" + token + "\",\"expires_in\":3600}"));
        } else if (!route.matches()) {
            send(request, 404, "application/json", Buffer.buffer("{}"));
        } else if (wantsTokens && request.getHeader("Authorization") == null) {
            counted(Kind.CHALLENGE);
            request.response()
                    .putHeader(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://" + address() + "/token\",service=\"bench\",scope=\"repository:"
                                    + route.group(1) + ":pull\"");
            send(request, 401, "application/json", Buffer.buffer("{}"));
        } else if (route.group(1).startsWith("sick/")) {
            send(request, 503, "application/json", Buffer.buffer("{}"));
        } else {
            faults.handle(
                    request,
                    route.group(1),
                    () -> content(request, route.group(1), route.group(2).equals("blobs"), route.group(3)));
        }
    }

    private void content(HttpServerRequest request, String repository, boolean blob, String target) {
        MadeImage image = images.computeIfAbsent(repository, StandInRegistry::make);
        boolean digest = target.indexOf(':') >= 0;
        if (blob) {
            counted(Kind.CONFIG);
            found(request, image.blobs().get(target), "application/octet-stream");
        } else if (digest && target.equals(Digest.of(image.top()).toString())) {
            counted(Kind.MANIFEST);
            found(request, image.top(), image.topType());
        } else if (digest) {
            counted(Kind.CHILD);
            found(request, image.manifests().get(target), "application/vnd.oci.image.manifest.v1+json");
        } else {
            counted(request.method() == HttpMethod.HEAD ? Kind.HEAD : Kind.MANIFEST);
            found(request, image.top(), image.topType());
        }
    }

    private static MadeImage make(String repository) {
        String kind = repository.substring(0, repository.indexOf('/'));
        return kind.equals("single") || kind.equals("foreign")
                ? MadeImage.single(repository, kind.equals("single") ? 0 : MadeImage.FOREIGN)
                : MadeImage.index(repository, Integer.parseInt(kind.substring(1)));
    }

    private static void found(HttpServerRequest request, byte[] content, String type) {
        if (content == null) {
            send(request, 404, "application/json", Buffer.buffer("{}"));
        } else {
            request.response()
                    .putHeader("Docker-Content-Digest", Digest.of(content).toString());
            send(request, 200, type, Buffer.buffer(content));
        }
    }

    private static void send(HttpServerRequest request, int status, String type, Buffer body) {
        HttpServerResponse response = request.response().setStatusCode(status).putHeader("Content-Type", type);
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", String.valueOf(body.length())).end();
        } else {
            response.end(body);
        }
    }

    private void counted(Kind kind) {
        counts.get(kind).incrementAndGet();
    }

    /** Ends it. */
    public Future<Void> close() {
        return server.close();
    }
}
