package dev.stowage.registry.credentials.cloud;

import dev.stowage.async.Deadline;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.testing.FakeRegistryServer.Line;
import dev.stowage.testing.FakeRegistryServer.Request;
import dev.stowage.testing.TravelClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All services of all clouds as one server in this process. What the product sends to {@code https://host/path} arrives at
 * {@code /host/path} of it, over HTTP as it is in production; a service that nobody has set up refuses connections.
 */
final class FakeCloud implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);

    final TravelClock clock = new TravelClock(Instant.parse("2026-03-01T12:00:00Z"));
    final Map<String, String> environment = new HashMap<>();

    private final Map<String, Handler> services = new ConcurrentHashMap<>();
    private final FakeRegistryServer server = new FakeRegistryServer(null, this::answer);

    /** Sets up a service: {@code sts.eu-west-1.amazonaws.com/}, without query. */
    FakeCloud service(String address, Handler handler) {
        services.put("/" + address, handler);
        return this;
    }

    FakeCloud json(String address, String body) {
        return service(address, ok(body));
    }

    static FakeRegistryAnswer ok(String body) {
        return FakeRegistryAnswer.ok("application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    static FakeRegistryAnswer refusal(int status, String body) {
        return FakeRegistryAnswer.status(status).body(body);
    }

    /** What arrived at a service. */
    List<Request> at(String address) {
        return server.requests().stream()
                .filter(request -> request.path().equals("/" + address))
                .toList();
    }

    /** Everything that arrived. */
    List<Request> requests() {
        return server.requests();
    }

    CloudHttp http() {
        return new CloudHttp(RegistrySettings.DEFAULT, this::route);
    }

    /** The credentials of a server in this environment, once it is known which identities there are. */
    CloudCredentials credentials(boolean aws, boolean google, boolean azure) {
        CloudCredentials credentials = new CloudCredentials(
                new CloudSettings(aws, google, azure), environment, http(), clock, System::nanoTime, true);
        try {
            credentials.detected().get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return credentials;
    }

    static Repository repository(String image) {
        return ImageReference.parse(image).repository();
    }

    static List<Credential> ask(CloudCredentials credentials, String image) {
        return credentials.credentialsFor(repository(image), Deadline.in(LONG)).join();
    }

    private URI route(URI uri) {
        String address = uri.getRawAuthority().replace("[", "%5B").replace("]", "%5D") + uri.getRawPath();
        int port = services.keySet().stream().anyMatch(service -> service.equals("/" + address)) ? server.port() : 1;
        return URI.create("http://127.0.0.1:" + port + "/" + address
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    private void answer(Request request, Line line) throws IOException {
        services.get(request.path()).answer(request, line);
    }

    @Override
    public void close() {
        server.close();
    }
}
