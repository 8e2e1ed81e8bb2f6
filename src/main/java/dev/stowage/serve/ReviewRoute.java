package dev.stowage.serve;

import dev.stowage.admission.AdmissionAnswer;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;

/** The one route of the webhook's server: {@code POST /validate}; and of a rehearsal, at a path of its own. */
final class ReviewRoute implements Handler<HttpServerRequest> {

    static final String PATH = "/validate";

    /** What is read and thrown away of a body that is too large, so that the client gets to see the answer. */
    private static final long DISCARDED = 8L * RequestBody.LIMIT;

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Logger LOG = System.getLogger(ReviewRoute.class.getName());

    private final Vertx vertx;
    private final String path;
    private final ReviewHandler reviews;
    private final InFlight inFlight;

    /** @param path where reviews are taken; everything else is not found */
    ReviewRoute(Vertx vertx, String path, ReviewHandler reviews, InFlight inFlight) {
        this.vertx = vertx;
        this.path = path;
        this.reviews = reviews;
        this.inFlight = inFlight;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!path.equals(request.path())) {
            refuse(request, 404, "AdmissionReviews are answered at " + PATH);
            return;
        }
        if (request.method() != HttpMethod.POST) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            refuse(request, 405, "AdmissionReviews are sent with POST");
            return;
        }
        long length = announcedLength(request);
        if (length > RequestBody.LIMIT) {
            refuseBody(request);
            return;
        }
        RequestBody body = new RequestBody(length);
        request.handler(piece -> {
            if (!body.add(piece)) {
                refuseBody(request);
            }
        });
        request.endHandler(end -> review(request, body.take()));
    }

    private void review(HttpServerRequest request, byte[] body) {
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        inFlight.begin();
        CompletableFuture<AdmissionAnswer> answer;
        try {
            answer = reviews.handle(body, contentType == null ? "" : contentType);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (answer.isDone()) {
            // Known from memory: nothing to wait for, no thread to change.
            answer.whenComplete((known, failure) -> respond(request, known, failure));
            return;
        }
        CompletableFuture<AdmissionAnswer> awaited = answer;
        Context context = vertx.getOrCreateContext();
        request.response().closeHandler(closed -> awaited.cancel(true));
        awaited.whenComplete((known, failure) -> context.runOnContext(run -> respond(request, known, failure)));
    }

    private void respond(HttpServerRequest request, AdmissionAnswer answer, Throwable failure) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            inFlight.end();
            return;
        }
        if (failure != null) {
            // A fault of ours. The API server then does as failurePolicy says, which an answer of ours would hide.
            LOG.log(Level.ERROR, "a review could not be answered", failure);
            send(request, 500, TEXT, Buffer.buffer("an internal error, which the log describes\n"));
        } else {
            send(request, answer.status(), answer.contentType(), Buffer.buffer(answer.body()));
        }
    }

    private void send(HttpServerRequest request, int status, String contentType, Buffer body) {
        HttpServerResponse response = request.response();
        if (inFlight.isLeaving() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .end(body)
                .onComplete(sent -> inFlight.end());
    }

    private static void refuseBody(HttpServerRequest request) {
        refuse(request, 413, "an AdmissionReview has at most " + RequestBody.LIMIT + " bytes");
    }

    private static void refuse(HttpServerRequest request, int status, String sentence) {
        discard(request);
        HttpServerResponse response = request.response();
        if (request.version() != HttpVersion.HTTP_2 && !request.isEnded()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, TEXT).end(sentence + "\n");
    }

    private static void discard(HttpServerRequest request) {
        long[] discarded = {0};
        request.handler(piece -> {
            discarded[0] += piece.length();
            if (discarded[0] > DISCARDED) {
                request.connection().close();
            }
        });
        request.endHandler(end -> {});
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
