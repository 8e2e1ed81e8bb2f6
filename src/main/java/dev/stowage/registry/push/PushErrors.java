package dev.stowage.registry.push;

import dev.stowage.image.Repository;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.transport.ErrorCodes;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;

/** Why a registry did not take what was pushed, with the fix. */
final class PushErrors {

    private PushErrors() {}

    /**
     * The exception of a step that failed.
     *
     * @param step what was done, such as {@code "uploading the blob sha256:…"}
     * @param anonymous whether no credentials were there
     */
    static PushException of(String step, ExchangeResult result, Repository repository, String host, boolean anonymous) {
        String reason = result instanceof Failure failure
                ? reason(failure, repository, anonymous)
                : reason((Response) result, repository, host, anonymous);
        boolean unanswered = result instanceof Failure failure
                ? failure.kind() != Kind.UNAUTHORIZED && failure.kind() != Kind.FORBIDDEN
                : ((Response) result).status() >= 500;
        return new PushException(step + " failed: " + reason, unanswered);
    }

    private static String reason(Failure failure, Repository repository, boolean anonymous) {
        return switch (failure.kind()) {
            case UNAUTHORIZED, FORBIDDEN -> failure.reason() + ". " + login(repository, anonymous);
            default -> failure.reason();
        };
    }

    private static String reason(Response response, Repository repository, String host, boolean anonymous) {
        int status = response.status();
        ErrorCodes codes = ErrorCodes.of(response.body());
        String returned = host + " returned " + status + codes.shown();
        return returned + fix(status, codes, repository, anonymous);
    }

    private static String fix(int status, ErrorCodes codes, Repository repository, boolean anonymous) {
        if (codes.has("NAME_UNKNOWN") || status == 404 && !codes.has("BLOB_UPLOAD_UNKNOWN")) {
            return ": the repository " + repository.path() + " does not exist there, and this registry does not create"
                    + " repositories at a push: create it first";
        }
        if (codes.has("MANIFEST_BLOB_UNKNOWN")) {
            return ": it has lost what was pushed before: run the command again";
        }
        return switch (status) {
            case 401, 403 -> ". " + login(repository, anonymous);
            case 400, 409, 412 ->
                ": it does not accept this content, or the tag must not change (immutable tags): choose another tag, or"
                        + " change the rule of the repository";
            case 405 -> ": it does not accept pushes: it is read-only, or a mirror or cache of another registry";
            case 413 ->
                ": that is larger than the registry, or a proxy in front of it, accepts: raise the limit there (nginx:"
                        + " client_max_body_size)";
            case 429 -> ": too many requests: try again later; what is there is not sent again";
            default ->
                status >= 500
                        ? ", a server error: try again later; what is there is not sent again"
                        : ", which is unexpected";
        };
    }

    private static String login(Repository repository, boolean anonymous) {
        String host = repository.registry();
        return anonymous
                ? "There are no credentials for it: docker login " + host
                : "The credentials for it may not push to " + repository.path() + " (scope repository:"
                        + repository.path() + ":pull,push): docker login " + host
                        + " with an account or token that may";
    }
}
