package dev.stowage.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.stowage.demo.RegistryShelves.Shelf;
import dev.stowage.demo.RegistryShelves.StoredManifest;
import dev.stowage.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP side of the embedded registry: the routes of the distribution specification that pulling and pushing need. */
final class RegistryEndpoint implements HttpHandler {

    private static final Pattern ROUTE = Pattern.compile("/v2/(.+)/(manifests|blobs/uploads|blobs|tags)/([^/]*)");

    /** Enough for a demonstration's images, little enough for its heap. */
    private static final int LONGEST_BODY = 64 * 1024 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    private final RegistryShelves shelves;

    RegistryEndpoint(RegistryShelves shelves) {
        this.shelves = shelves;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
            String path = exchange.getRequestURI().getPath();
            Matcher route = ROUTE.matcher(path);
            if (path.equals("/v2/") || path.equals("/v2")) {
                send(exchange, 200, "application/json", bytes("{}"));
            } else if (route.matches()) {
                route(exchange, route.group(1), route.group(2), route.group(3));
            } else {
                refuse(exchange, 404, "NAME_UNKNOWN", "nothing is served at this path");
            }
        }
    }

    private void route(HttpExchange exchange, String repository, String kind, String target) throws IOException {
        String action = exchange.getRequestMethod() + " " + kind;
        switch (action) {
            case "GET manifests", "HEAD manifests" -> manifest(exchange, repository, target);
            case "PUT manifests" -> putManifest(exchange, repository, target);
            case "GET blobs", "HEAD blobs" -> blob(exchange, repository, target);
            case "GET tags" -> tags(exchange, repository);
            case "POST blobs/uploads" -> beginUpload(exchange, repository);
            case "PATCH blobs/uploads" -> continueUpload(exchange, repository, target);
            case "PUT blobs/uploads" -> endUpload(exchange, repository, target);
            default -> refuse(exchange, 405, "UNSUPPORTED", "this registry does not offer " + action);
        }
    }

    private void manifest(HttpExchange exchange, String repository, String target) throws IOException {
        Optional<Shelf> shelf = shelves.existing(repository);
        Optional<StoredManifest> found = shelf.flatMap(there -> there.manifest(target));
        if (shelf.isEmpty()) {
            refuse(exchange, 404, "NAME_UNKNOWN", "repository name not known to registry");
        } else if (found.isEmpty()) {
            refuse(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown");
        } else {
            StoredManifest manifest = found.get();
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", manifest.digest().toString());
            send(exchange, 200, manifest.mediaType(), manifest.content());
        }
    }

    private void putManifest(HttpExchange exchange, String repository, String target) throws IOException {
        String mediaType = exchange.getRequestHeaders().getFirst("Content-Type");
        Optional<byte[]> body = body(exchange);
        if (body.isEmpty()) {
            return;
        }
        Optional<Digest> digest = Digest.parse(target);
        if (mediaType == null) {
            refuse(exchange, 400, "MANIFEST_INVALID", "a manifest is put with its media type as Content-Type");
        } else if (digest.isPresent() && !digest.get().describes(body.get())) {
            refuse(exchange, 400, "DIGEST_INVALID", "the manifest does not have this digest");
        } else {
            Digest stored =
                    shelves.shelf(repository).putManifest(digest.isPresent() ? null : target, mediaType, body.get());
            created(exchange, "/v2/" + repository + "/manifests/" + stored, stored);
        }
    }

    private void blob(HttpExchange exchange, String repository, String digest) throws IOException {
        Optional<byte[]> found = shelves.existing(repository).flatMap(shelf -> shelf.blob(digest));
        if (found.isEmpty()) {
            refuse(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry");
        } else {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
            send(exchange, 200, "application/octet-stream", found.get());
        }
    }

    private void tags(HttpExchange exchange, String repository) throws IOException {
        Optional<Shelf> shelf = shelves.existing(repository);
        if (shelf.isEmpty()) {
            refuse(exchange, 404, "NAME_UNKNOWN", "repository name not known to registry");
        } else {
            ObjectNode list = json.createObjectNode().put("name", repository);
            shelf.get().tags().forEach(list.putArray("tags")::add);
            send(exchange, 200, "application/json", json.writeValueAsBytes(list));
        }
    }

    /** A blob comes in one request when it names its digest; a mount is answered as an ordinary upload, as the specification allows. */
    private void beginUpload(HttpExchange exchange, String repository) throws IOException {
        if (query(exchange, "digest").isPresent()) {
            store(exchange, repository, new ByteArrayOutputStream());
            return;
        }
        String upload = UUID.randomUUID().toString();
        uploads.put(upload, new ByteArrayOutputStream());
        accepted(exchange, repository, upload, 0);
    }

    private void continueUpload(HttpExchange exchange, String repository, String upload) throws IOException {
        ByteArrayOutputStream received = uploads.get(upload);
        if (received == null) {
            refuse(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
        } else if (receive(exchange, received)) {
            accepted(exchange, repository, upload, received.size());
        }
    }

    private void endUpload(HttpExchange exchange, String repository, String upload) throws IOException {
        ByteArrayOutputStream received = uploads.remove(upload);
        if (received == null) {
            refuse(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
        } else {
            store(exchange, repository, received);
        }
    }

    private void store(HttpExchange exchange, String repository, ByteArrayOutputStream received) throws IOException {
        if (!receive(exchange, received)) {
            return;
        }
        byte[] content = received.toByteArray();
        Optional<Digest> digest = query(exchange, "digest").flatMap(Digest::parse);
        if (digest.isEmpty() || !digest.get().describes(content)) {
            refuse(exchange, 400, "DIGEST_INVALID", "the content does not have the digest that was named");
        } else {
            shelves.shelf(repository).putBlob(digest.get(), content);
            created(exchange, "/v2/" + repository + "/blobs/" + digest.get(), digest.get());
        }
    }

    private Optional<byte[]> body(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        return receive(exchange, received) ? Optional.of(received.toByteArray()) : Optional.empty();
    }

    /** Adds the request's body to what was received; false when it was too long, which is then answered. */
    private boolean receive(HttpExchange exchange, ByteArrayOutputStream received) throws IOException {
        int room = LONGEST_BODY - received.size();
        byte[] body = exchange.getRequestBody().readNBytes(room + 1);
        if (body.length > room) {
            refuse(exchange, 413, "SIZE_INVALID", "this registry takes at most 64 MiB at once");
            return false;
        }
        received.writeBytes(body);
        return true;
    }

    private void accepted(HttpExchange exchange, String repository, String upload, int size) throws IOException {
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + upload);
        exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, size - 1));
        exchange.getResponseHeaders().set("Docker-Upload-UUID", upload);
        exchange.sendResponseHeaders(202, -1);
    }

    private static void created(HttpExchange exchange, String location, Digest digest) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
        exchange.sendResponseHeaders(201, -1);
    }

    private void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        ObjectNode body = json.createObjectNode();
        body.putArray("errors").addObject().put("code", code).put("message", message);
        send(exchange, status, "application/json", json.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            // A length of 0 would ask for chunked encoding.
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Optional<String> query(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) {
            return Optional.empty();
        }
        for (String parameter : query.split("&")) {
            if (parameter.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(parameter.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
