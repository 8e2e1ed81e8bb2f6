package dev.stowage.testing;

import dev.stowage.demo.ImageStore;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.testing.FakeRegistryServer.Line;
import dev.stowage.testing.FakeRegistryServer.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A registry in this process: serves what it is given or what is pushed, counts what it is asked, and fails where it is told to. */
public final class FakeRegistry implements AutoCloseable {

    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/\\d*");
    private static final Pattern CONTENT = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");

    private record Stored(String mediaType, byte[] content) {}

    private final Map<String, Stored> contents = new ConcurrentHashMap<>();
    private final Map<Pattern, Handler> faults = new ConcurrentHashMap<>();
    private final Map<Pattern, Handler> methodFaults = new ConcurrentHashMap<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private volatile String uploadsAt = "";
    private final FakeRegistryServer server;
    private volatile FakeRegistryAuth auth = FakeRegistryAuth.NONE;
    private final boolean tls;
    private final String address;

    /** Over plain http. */
    public FakeRegistry() {
        this((SSLContext) null);
    }

    /** Over TLS when a context is given. */
    public FakeRegistry(SSLContext tls) {
        this(tls, "127.0.0.1");
    }

    /** Over plain http at this address of the loopback interface. */
    public FakeRegistry(String address) {
        this(null, address);
    }

    private FakeRegistry(SSLContext tls, String address) {
        this.tls = tls != null;
        this.address = address;
        this.server = new FakeRegistryServer(tls, address, this::answer);
    }

    /** Host and port. */
    public String host() {
        return address + ":" + server.port();
    }

    /** Scheme, host and port. */
    public String url() {
        return (tls ? "https://" : "http://") + host();
    }

    /** A repository here. */
    public Repository repository(String path) {
        return new Repository(host(), path);
    }

    /** Where images of a repository are put. */
    public ImageStore store(String path) {
        return new ImageStore() {
            @Override
            public Digest putBlob(byte[] content) {
                Digest digest = Digest.of(content);
                contents.put("/v2/" + path + "/blobs/" + digest, new Stored("application/octet-stream", content));
                return digest;
            }

            @Override
            public Digest putManifest(String tag, String mediaType, byte[] content) {
                Digest digest = Digest.of(content);
                contents.put("/v2/" + path + "/manifests/" + digest, new Stored(mediaType, content));
                if (tag != null) {
                    contents.put("/v2/" + path + "/manifests/" + tag, new Stored(mediaType, content));
                }
                return digest;
            }
        };
    }

    /** From now on requests whose path and query match are answered so. */
    public FakeRegistry on(String pathAndQuery, Handler answer) {
        faults.put(Pattern.compile(pathAndQuery), answer);
        return this;
    }

    /** From now on requests of this method whose path and query match are answered so. */
    public FakeRegistry on(String method, String pathAndQuery, Handler answer) {
        methodFaults.put(Pattern.compile(method + " " + pathAndQuery), answer);
        return this;
    }

    /** From now on all is answered well. */
    public void recover() {
        faults.clear();
        methodFaults.clear();
    }

    /** From now on uploads are to be sent to this address, which ends in the number of the upload. */
    public FakeRegistry uploadsAt(String address) {
        this.uploadsAt = address;
        return this;
    }

    /** What a tag or digest of a repository names; empty for nothing. */
    public Optional<Digest> digestOf(String path, String target) {
        return Optional.ofNullable(contents.get("/v2/" + path + "/manifests/" + target))
                .map(stored -> Digest.of(stored.content()));
    }

    /** From now on this is requested before anything is served. */
    public FakeRegistry protect(FakeRegistryAuth auth) {
        this.auth = auth;
        return this;
    }

    /** The server below. */
    public FakeRegistryServer server() {
        return server;
    }

    /** All requests so far. */
    public List<Request> requests() {
        return server.requests();
    }

    /** All requests so far as {@code METHOD path}. */
    public List<String> asked() {
        return requests().stream()
                .map(request -> request.method() + " " + request.path())
                .toList();
    }

    private void answer(Request request, Line line) throws IOException {
        for (Map.Entry<Pattern, Handler> fault : faults.entrySet()) {
            if (fault.getKey().matcher(request.target()).matches()) {
                fault.getValue().answer(request, line);
                return;
            }
        }
        for (Map.Entry<Pattern, Handler> fault : methodFaults.entrySet()) {
            if (fault.getKey()
                    .matcher(request.method() + " " + request.target())
                    .matches()) {
                fault.getValue().answer(request, line);
                return;
            }
        }
        Handler objection = auth.objection(request, url());
        if (objection != null) {
            objection.answer(request, line);
            return;
        }
        if (Set.of("POST", "PUT").contains(request.method())) {
            pushed(request).answer(request, line);
            return;
        }
        Stored stored = contents.get(request.path());
        if (stored == null || !CONTENT.matcher(request.path()).matches()) {
            FakeRegistryAnswer.status(404)
                    .error("MANIFEST_UNKNOWN", "manifest unknown")
                    .answer(request, line);
            return;
        }
        FakeRegistryAnswer.ok(stored.mediaType(), stored.content())
                .header("Docker-Content-Digest", Digest.of(stored.content()).toString())
                .answer(request, line);
    }

    /** As the distribution specification says of "Push". */
    private Handler pushed(Request request) {
        Matcher upload = UPLOAD.matcher(request.path());
        Matcher content = CONTENT.matcher(request.path());
        if ("POST".equals(request.method()) && upload.matches()) {
            String mount = parameter(request, "mount");
            Stored other = contents.get("/v2/" + parameter(request, "from") + "/blobs/" + mount);
            if (other != null) {
                contents.put("/v2/" + upload.group(1) + "/blobs/" + mount, other);
                return FakeRegistryAnswer.status(201);
            }
            String at = uploadsAt.isEmpty() ? "/v2/" + upload.group(1) + "/blobs/uploads/" : uploadsAt;
            return FakeRegistryAnswer.status(202).header("Location", at + uploads.incrementAndGet());
        }
        if ("PUT".equals(request.method()) && upload.matches()) {
            boolean right = Digest.of(request.bytes()).toString().equals(parameter(request, "digest"));
            return right
                    ? stored(store(upload.group(1)).putBlob(request.bytes()))
                    : FakeRegistryAnswer.status(400).error("DIGEST_INVALID", "other content");
        }
        if ("PUT".equals(request.method()) && content.matches()) {
            String target = content.group(3);
            return stored(store(content.group(1))
                    .putManifest(
                            target.contains(":") ? null : target, request.header("Content-Type"), request.bytes()));
        }
        return FakeRegistryAnswer.status(405);
    }

    private static Handler stored(Digest digest) {
        return FakeRegistryAnswer.status(201).header("Docker-Content-Digest", digest.toString());
    }

    private static String parameter(Request request, String name) {
        Matcher found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(request.target());
        return found.find() ? URLDecoder.decode(found.group(1), StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() {
        server.close();
    }
}
