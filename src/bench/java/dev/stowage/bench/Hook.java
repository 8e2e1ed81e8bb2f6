package dev.stowage.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What Stowage is compared with: a webhook on a bare Vert.x server, in a process of its own. Prints {@code port N} when it listens, and
 * ends when its standard input does.
 */
public final class Hook {

    /** What answers. */
    public enum Kind {
        /** The baseline: allows everything and looks at nothing, so what is left is TLS, HTTP/2 and the server. */
        EMPTY,
        /** The usual way in Java: binds the whole review to fabric8's model, allows, and writes the model. */
        BINDING,
        /** Stowage, as {@code stowage serve}; see {@link HookProcess}. */
        STOWAGE
    }

    private static final Duration DAY = Duration.ofDays(1);

    private Hook() {}

    /**
     * Runs one.
     *
     * @param args the {@link Kind}, and the port
     */
    public static void main(String... args) throws IOException {
        UnaryOperator<byte[]> answers = Kind.valueOf(args[0]) == Kind.EMPTY ? empty() : binding();
        int port = Integer.parseInt(args[1]);
        ServingCertificate certificate =
                CertificateAuthority.create(Clock.systemUTC(), DAY).issue(List.of("127.0.0.1"), Clock.systemUTC(), DAY);
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.chainPem()))
                        .addKeyValue(Buffer.buffer(certificate.keyPem())));
        DeploymentOptions everywhere =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        Vertx.vertx()
                .deployVerticle(() -> new EventLoop(options, port, answers), everywhere)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println("port " + port);
        while (System.in.read() >= 0) {
            // until the one who started it ends
        }
        System.exit(0);
    }

    /** One event loop's part of the server. */
    private static final class EventLoop extends AbstractVerticle {

        private final HttpServerOptions options;
        private final int port;
        private final UnaryOperator<byte[]> answers;

        EventLoop(HttpServerOptions options, int port, UnaryOperator<byte[]> answers) {
            this.options = options;
            this.port = port;
            this.answers = answers;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(options)
                    .requestHandler(request -> request.bodyHandler(body -> request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(Buffer.buffer(answers.apply(body.getBytes())))))
                    .listen(port, "127.0.0.1")
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    private static UnaryOperator<byte[]> empty() {
        byte[] allow = ("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                        + "{\"uid\":\"705ab4f5-6393-11e8-b7cc-42010a800002\",\"allowed\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        return body -> allow;
    }

    private static UnaryOperator<byte[]> binding() {
        ObjectMapper mapper = new ObjectMapper();
        return body -> {
            try {
                AdmissionReview review = mapper.readValue(body, AdmissionReview.class);
                return mapper.writeValueAsBytes(new AdmissionReviewBuilder()
                        .withApiVersion(review.getApiVersion())
                        .withKind(review.getKind())
                        .withNewResponse()
                        .withUid(review.getRequest().getUid())
                        .withAllowed(true)
                        .endResponse()
                        .build());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
