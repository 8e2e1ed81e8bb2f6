package dev.stowage.bench;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Sends reviews of one pod to the replicas behind a Service, for {@code bench/replicas}, over connections that the Service spreads. */
public final class ReplicaLoad {

    private static final int IN_FLIGHT = 2;
    private static final int ATTEMPTS = 3;

    private ReplicaLoad() {}

    /**
     * Runs it and prints one line: reviews, seconds, and the median and the 99th percentile of the time they took, in milliseconds. Fails
     * when a review was not allowed.
     *
     * @param args the URL of the webhook, an image that runs on the cluster's nodes, how many connections, for how many seconds
     */
    public static void main(String... args) {
        URI url = URI.create(args[0]);
        byte[] review = MadeReview.pod(List.of(args[1], args[1]));
        Vertx vertx = Vertx.vertx();
        requireVerdict(vertx, url, review);
        Measured measured;
        try (Loads loads = new Loads(vertx, url.getHost(), url.getPort(), url.getPath(), Integer.parseInt(args[2]))) {
            measured = loads.closed(i -> review, IN_FLIGHT, Double.parseDouble(args[3]));
        }
        System.out.printf(
                Locale.ROOT,
                "%d %.3f %.3f %.3f%n",
                measured.times().getTotalCount(),
                measured.seconds(),
                measured.millis(50),
                measured.millis(99));
        vertx.close();
    }

    /** A review that is allowed because the image could not be read in time would be measured as a wait. */
    private static void requireVerdict(Vertx vertx, URI url, byte[] review) {
        ApiServerConnection connection = new ApiServerConnection(vertx, url.getHost(), url.getPort(), url.getPath());
        String answer = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Promise<ApiServerConnection.Answer> answered = Promise.promise();
            connection.run(() ->
                    connection.exchange(url.getPath(), Buffer.buffer(review)).onComplete(answered));
            answer = Waiting.on(answered.future()).body().toString();
            if (answer.contains("\"allowed\":true") && !answer.contains("\"warnings\"")) {
                Waiting.on(connection.close());
                return;
            }
        }
        throw new IllegalStateException("the image has no verdict: " + answer);
    }
}
