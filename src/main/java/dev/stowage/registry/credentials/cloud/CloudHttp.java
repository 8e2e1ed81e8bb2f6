package dev.stowage.registry.credentials.cloud;

import dev.stowage.async.DaemonThreads;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.transport.HttpClients;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;

/**
 * Requests to metadata services and to the token services of clouds. Redirects are not followed, and responses are bounded in size
 * and time. Metadata services are contacted directly; the others through the configured proxies, trusting the configured authorities.
 */
final class CloudHttp implements AutoCloseable {

    /** Responses are a few kilobytes. */
    static final int MAX_BYTES = 64 * 1024;

    private static final Duration METADATA_CONNECT = Duration.ofSeconds(1);
    private static final Duration SERVICE_TIME = Duration.ofSeconds(10);

    /**
     * A request.
     *
     * @param body the body to POST; empty for none
     */
    record Request(String method, URI uri, Map<String, String> headers, String body) {

        static Request get(String uri, Map<String, String> headers) {
            return new Request("GET", URI.create(uri), headers, "");
        }

        static Request post(URI uri, Map<String, String> headers, String body) {
            return new Request("POST", uri, headers, body);
        }

        /** Headers and body contain secrets. */
        @Override
        public String toString() {
            return method + " " + uri.getHost();
        }
    }

    /** A response. */
    record Response(int status, java.net.http.HttpHeaders headers, byte[] body) {

        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        /** The body contains secrets. */
        @Override
        public String toString() {
            return "HTTP " + status;
        }
    }

    private final UnaryOperator<URI> route;
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.factory("cloud-http"));
    private final HttpClients services;
    private final HttpClient metadata;
    private final String userAgent;

    CloudHttp(RegistrySettings settings) {
        this(settings, UnaryOperator.identity());
    }

    /** @param route where a request is sent in place of its address; for tests */
    CloudHttp(RegistrySettings settings, UnaryOperator<URI> route) {
        this.route = route;
        this.userAgent = settings.userAgent();
        // first: it sets properties that java.net.http reads once
        this.services = new HttpClients(settings, threads);
        this.metadata = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(METADATA_CONNECT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(threads)
                .build();
    }

    /** Makes a request to a service of this machine, without a proxy. */
    Response metadata(Request request, Duration time) throws IOException {
        return exchange(metadata, build(request).build(), time);
    }

    /** Makes a request to a service of the cloud. */
    Response service(Request request) throws IOException {
        HttpRequest.Builder built = build(request);
        services.authorizeProxy(request.uri(), built);
        return exchange(services.trusting(List.of()), built.build(), SERVICE_TIME);
    }

    /** What went wrong, in words that follow the name of a service. */
    static String inWords(IOException failure) {
        if (failure instanceof SSLException) {
            return "has a certificate that is not trusted, or does not use TLS: check trustedCa and the proxy";
        }
        return failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException)
                ? "did not respond in time"
                : "could not be reached: check DNS, NetworkPolicies and the proxy";
    }

    private HttpRequest.Builder build(Request request) {
        HttpRequest.Builder built = HttpRequest.newBuilder(route.apply(request.uri()))
                .method(
                        request.method(),
                        request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()))
                .setHeader("User-Agent", userAgent);
        request.headers().forEach(built::setHeader);
        return built;
    }

    private static Response exchange(HttpClient client, HttpRequest request, Duration time) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, start -> new BoundedBody(MAX_BYTES));
        try {
            HttpResponse<byte[]> response = sent.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return new Response(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new HttpTimeoutException("no response");
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        services.close();
        threads.shutdownNow();
    }
}
