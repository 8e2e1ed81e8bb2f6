package dev.stowage.registry;

import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Reply;
import java.util.Set;

/**
 * What a registry's statuses mean: the one place that knows. Only what speaks about the image itself (404, 400) becomes a
 * kind that says a node could not run it; what speaks about the registry or the asker leaves that open.
 */
final class Statuses {

    private static final Set<Integer> WORTH_RETRYING = Set.of(408, 500, 502, 503, 504);

    private Statuses() {}

    /** The class of a failure that this status stands for. */
    static Kind kind(int status) {
        return switch (status) {
            case 400, 406 -> Kind.INVALID;
            case 401 -> Kind.UNAUTHORIZED;
            case 403, 451 -> Kind.FORBIDDEN;
            case 404, 410 -> Kind.NOT_FOUND;
            case 429 -> Kind.RATE_LIMITED;
            default -> Kind.UNAVAILABLE;
        };
    }

    /** Whether asking again may help; a 429 is never asked again at once. */
    static boolean worthRetrying(int status) {
        return WORTH_RETRYING.contains(status);
    }

    /** Whether a registry that answers a HEAD so has to be asked by GET. */
    static boolean headUnsupported(int status) {
        return status == 405 || status == 501;
    }

    /** The failure that an answer without the content means. */
    static Finding failure(Reply reply, String host, boolean tag) {
        ErrorCodes codes = ErrorCodes.of(reply.body());
        if (reply.status() == 404 && codes.aboutAccept()) {
            return new Finding(
                    Kind.INVALID,
                    host + " has it only in a media type that no container runtime accepts" + codes.shown());
        }
        if (speaksHttps(reply)) {
            return new Finding(
                    Kind.UNAVAILABLE, host + " speaks https, not http: take away insecure from its registries entry");
        }
        return new Finding(kind(reply.status()), reason(reply, codes, host, tag));
    }

    private static String reason(Reply reply, ErrorCodes codes, String host, boolean tag) {
        int status = reply.status();
        return switch (kind(status)) {
            case NOT_FOUND -> missing(codes, host, tag) + codes.shown();
            case UNAUTHORIZED -> "does not exist or needs credentials: " + host + " answers 401" + codes.shown();
            case FORBIDDEN ->
                "does not exist or these credentials may not read it: " + host + " answers " + status + codes.shown();
            case RATE_LIMITED -> host + " answers 429, too many requests; credentials may raise the limit";
            case INVALID -> host + " refuses the request as malformed: it answers " + status + codes.shown();
            default -> host + " answers " + status + unavailable(status) + codes.shown();
        };
    }

    private static String missing(ErrorCodes codes, String host, boolean tag) {
        if (codes.has("NAME_UNKNOWN")) {
            return host + " has no such repository";
        }
        return host + (tag ? " has no such tag, or no such repository" : " does not have it");
    }

    /** Go's servers say so in plain text when they are asked by plain http. */
    private static boolean speaksHttps(Reply reply) {
        return reply.status() == 400
                && "http".equals(reply.from().getScheme())
                && reply.body().text().contains("HTTP request to an HTTPS server");
    }

    private static String unavailable(int status) {
        if (status >= 500) {
            return ", a fault of its own";
        }
        return status == 407 ? ": the proxy wants credentials" : ", which means nothing here";
    }

    /**
     * What an answer was found to mean.
     *
     * @param kind the class of the failure
     * @param reason one clause for people
     */
    record Finding(Kind kind, String reason) {}
}
