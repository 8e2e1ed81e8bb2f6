package dev.stowage.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.stowage.cli.probe.AdmissionProbe.Kind;
import dev.stowage.cli.probe.AdmissionProbe.Result;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The probe by what an API server answers it. */
class AdmissionProbeTest {

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        "Stowage refuses",
                        403,
                        "admission webhook \"validate.stowage.dev\" denied the request: no image",
                        Kind.REFUSED),
                Arguments.of(
                        "another webhook refuses",
                        403,
                        "admission webhook \"other.example\" denied the request: no",
                        Kind.NOT_ASKED),
                Arguments.of(
                        "Stowage cannot be reached",
                        500,
                        "Internal error occurred: failed calling webhook \"validate.stowage.dev\": no endpoints",
                        Kind.UNREACHABLE),
                Arguments.of("no right to create", 403, "replicationcontrollers is forbidden", Kind.NOT_ASKED),
                Arguments.of("no such namespace", 404, "namespaces \"a\" not found", Kind.NOT_ASKED),
                Arguments.of("nobody refuses", 201, "", Kind.ADMITTED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void tells(String what, int status, String message, Kind kind) throws IOException {
        List<String> asked = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] body = body(status, message).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (AdmissionProbe probe = AdmissionProbe.of(new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl(url)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build())) {

            Result result = probe.run("a");

            assertThat(result.kind()).isEqualTo(kind);
            assertThat(result.message()).isEqualTo(message);
            assertThat(asked).singleElement().satisfies(request -> assertThat(request)
                    .startsWith("POST /api/v1/namespaces/a/replicationcontrollers?")
                    .contains("dryRun=All"));
        } finally {
            server.stop(0);
        }
    }

    private static String body(int status, String message) {
        return status == 201
                ? "{\"apiVersion\":\"v1\",\"kind\":\"ReplicationController\",\"metadata\":{\"name\":\"a\"}}"
                : "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + status
                        + ",\"message\":\"" + message.replace("\"", "\\\"") + "\"}";
    }
}
