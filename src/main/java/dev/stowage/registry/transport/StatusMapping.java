package dev.stowage.registry.transport;

import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.transport.ExchangeResult.Response;
import java.util.Set;

/**
 * Maps HTTP statuses of registries to failures; the one place that knows them. Only statuses about the image itself (404, 400)
 * become a kind that means a node cannot run it; those about the registry or the client leave that open.
 */
public final class StatusMapping {

    private static final Set<Integer> WORTH_RETRYING = Set.of(408, 500, 502, 503, 504);

    private StatusMapping() {}

    /** The class of a failure that this status stands for. */
    public static Kind kind(int status) {
        return switch (status) {
            case 400, 406 -> Kind.INVALID;
            case 401 -> Kind.UNAUTHORIZED;
            case 403, 451 -> Kind.FORBIDDEN;
            case 404, 410 -> Kind.NOT_FOUND;
            case 429 -> Kind.RATE_LIMITED;
            default -> Kind.UNAVAILABLE;
        };
    }

    /** Whether retrying may help; a 429 is never retried at once. */
    public static boolean worthRetrying(int status) {
        return WORTH_RETRYING.contains(status);
    }

    /** Whether a registry with this response to a HEAD needs a GET. */
    public static boolean headUnsupported(int status) {
        return status == 405 || status == 501;
    }

    /** The failure of a response without the content. */
    public static ErrorDetail failure(Response response, String host, boolean tag) {
        ErrorCodes codes = ErrorCodes.of(response.body());
        if (response.status() == 404 && codes.aboutAccept()) {
            return new ErrorDetail(
                    Kind.INVALID,
                    host + " has it only in a media type that no container runtime accepts" + codes.shown());
        }
        if (speaksHttps(response)) {
            return new ErrorDetail(Kind.UNAVAILABLE, host + " serves HTTPS: remove insecure from its registries entry");
        }
        return new ErrorDetail(kind(response.status()), reason(response, codes, host, tag));
    }

    private static String reason(Response response, ErrorCodes codes, String host, boolean tag) {
        int status = response.status();
        return switch (kind(status)) {
            case NOT_FOUND -> missing(codes, host, tag) + codes.shown();
            case UNAUTHORIZED -> "does not exist or needs credentials: " + host + " returned 401" + codes.shown();
            case FORBIDDEN ->
                "does not exist or these credentials may not read it: " + host + " returned " + status + codes.shown();
            case RATE_LIMITED -> host + " is rate limiting (429); credentials may raise the limit";
            case INVALID -> host + " rejected the request as malformed: it returned " + status + codes.shown();
            default -> host + " returned " + status + unavailable(status) + codes.shown();
        };
    }

    private static String missing(ErrorCodes codes, String host, boolean tag) {
        if (codes.has("NAME_UNKNOWN")) {
            return host + " has no such repository";
        }
        return host + (tag ? " has no such tag, or no such repository" : " does not have it");
    }

    /** Go's servers say so in plain text when they are contacted by plain HTTP. */
    private static boolean speaksHttps(Response response) {
        return response.status() == 400
                && "http".equals(response.from().getScheme())
                && response.body().text().contains("HTTP request to an HTTPS server");
    }

    private static String unavailable(int status) {
        return status >= 500 ? ", a server error" : ", which is unexpected";
    }

    /**
     * The meaning of a response.
     *
     * @param kind the class of the failure
     * @param reason one clause for people
     */
    public record ErrorDetail(Kind kind, String reason) {}
}
