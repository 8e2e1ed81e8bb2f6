package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * JSON over HTTPS, as the demonstration speaks it with the API server and with the webhook. Plain requests instead of a client
 * library: what goes over the wire, and above all the server's own error text, is what is to be shown.
 */
public final class KubeApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;
    private final URI server;
    private final String token;

    private KubeApi(HttpClient http, URI server, String token) {
        this.http = http;
        this.server = server;
        this.token = token;
    }

    /**
     * A client of this server.
     *
     * @param token the bearer token to send; empty for none
     * @param certificates the PEM certificates to trust, and no others
     * @throws IOException when the certificates cannot be read
     */
    public static KubeApi of(URI server, String token, byte[] certificates) throws IOException {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(trusting(certificates))
                .connectTimeout(TIMEOUT)
                .build();
        return new KubeApi(http, server, token);
    }

    /**
     * What a server answered.
     *
     * @param status the HTTP status
     * @param body the JSON body; a missing node when it was not JSON
     * @param warnings the texts of its {@code Warning} headers, which kubectl prints
     */
    public record Reply(int status, JsonNode body, List<String> warnings) {
        public Reply {
            warnings = List.copyOf(warnings);
        }

        /** Whether the request was carried out. */
        public boolean succeeded() {
            return status / 100 == 2;
        }
    }

    /** Reads this path. */
    public Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    /** Reads this path as the table that kubectl prints ({@code meta.k8s.io/v1 Table}). */
    public Reply table(String path) throws IOException, InterruptedException {
        return send(request("GET", path, null).header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"));
    }

    /** Creates this object below this path. */
    public Reply post(String path, JsonNode body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    /** Replaces the object at this path. */
    public Reply put(String path, JsonNode body) throws IOException, InterruptedException {
        return send("PUT", path, body);
    }

    private Reply send(String method, String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(method, path, body));
    }

    private HttpRequest.Builder request(String method, String path, JsonNode body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        List<String> warnings = response.headers().allValues("Warning").stream()
                .map(WARNING::matcher)
                .filter(Matcher::matches)
                .map(warning -> warning.group(1).replaceAll("\\\\(.)", "$1"))
                .toList();
        return new Reply(response.statusCode(), read(response.body()), warnings);
    }

    private JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : json.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static SSLContext trusting(byte[] certificates) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates))) {
                trusted.setCertificateEntry("trusted-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates to trust cannot be used: " + e.getMessage(), e);
        }
    }
}
