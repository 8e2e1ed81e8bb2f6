package dev.stowage.registry.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.async.CallContext;
import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.RegistryRequest;
import dev.stowage.registry.transport.ResponseBody;
import dev.stowage.registry.transport.StatusMapping;
import dev.stowage.registry.transport.StatusMapping.ErrorDetail;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Requests content and digests at one endpoint, and turns the responses into results. */
final class ContentClient {

    private final RetryingClient retrying;
    /** Hosts that do not return a digest for HEAD. */
    private final Cache<String, Boolean> headUnsupported = Caffeine.newBuilder()
            .maximumWeight(1L << 20)
            .weigher((String authority, Boolean value) -> 150 + authority.length())
            .executor(Runnable::run)
            .build();

    ContentClient(RetryingClient retrying) {
        this.retrying = retrying;
    }

    /**
     * One host with one credential, or anonymously.
     *
     * @param asPod whether the pod's own credentials are tried
     */
    record EndpointAttempt(Endpoint endpoint, Optional<Credential> credential, boolean asPod, Duration timeout) {}

    /** Requests content, and by HEAD what containerd takes it for, where GET does not say that. */
    CompletableFuture<RegistryResult<Content>> get(
            ContentRequest contentRequest, EndpointAttempt attempt, String subject, CallContext context) {
        return send("GET", contentRequest, attempt, context).thenCompose(result -> {
            RegistryResult<Content> got = read(result, contentRequest, attempt, subject);
            return got.fold(
                    content -> contentRequest.isTopDocument() && (!content.isTypeKnown() || wasEncoded(result))
                            ? head(content, contentRequest, attempt, subject, context)
                            : CompletableFuture.completedFuture(got),
                    failure -> CompletableFuture.completedFuture(got));
        });
    }

    private static boolean wasEncoded(ExchangeResult result) {
        return result instanceof Response response && response.wasEncoded();
    }

    private RegistryResult<Content> read(
            ExchangeResult result, ContentRequest contentRequest, EndpointAttempt attempt, String subject) {
        return result instanceof Response response && response.status() == 200
                ? content(contentRequest, response, attempt, subject)
                : failure(result, contentRequest, attempt, subject);
    }

    /** As containerd does, which takes the response to GET if that to HEAD says too little. */
    private CompletableFuture<RegistryResult<Content>> head(
            Content content,
            ContentRequest contentRequest,
            EndpointAttempt attempt,
            String subject,
            CallContext context) {
        ContentRequest head = contentRequest.head();
        return send("HEAD", head, attempt, context).thenApply(result -> {
            if (result instanceof Response response && response.status() == 200) {
                OptionalLong length = declaredLength(response);
                boolean named = head.digest().isPresent()
                        || ContentRequest.headerDigest(response).isPresent();
                return new RegistryResult.Success<>(content.withHead(
                        named && length.isPresent()
                                ? new Content.Head(contentType(response), length)
                                : new Content.Head(content.contentType(), OptionalLong.empty())));
            }
            return result instanceof Response response && StatusMapping.headUnsupported(response.status())
                    ? new RegistryResult.Success<>(
                            content.withHead(new Content.Head(content.contentType(), OptionalLong.empty())))
                    : failure(result, head, attempt, subject);
        });
    }

    private static OptionalLong declaredLength(Response response) {
        try {
            return response.headers().firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String contentType(Response response) {
        return MediaTypes.withoutParameters(response.header("Content-Type").orElse(""));
    }

    private RegistryResult<Content> content(
            ContentRequest contentRequest, Response response, EndpointAttempt attempt, String subject) {
        Optional<ErrorDetail> problem =
                contentRequest.validateResponse(response, attempt.endpoint().label());
        if (problem.isPresent()) {
            return new RegistryResult.Failure<>(RegistryFailure.of(
                    problem.get().kind(),
                    attempt.endpoint().authority(),
                    subject,
                    problem.get().reason()));
        }
        ResponseBody body = response.body();
        return new RegistryResult.Success<>(new Content(body.bytes(), contentType(response), body.digest()));
    }

    /** Requests the digest of a tag: by HEAD, or by GET where a registry does not return it for HEAD. */
    CompletableFuture<RegistryResult<Digest>> digest(
            ContentRequest contentRequest, EndpointAttempt attempt, String subject, CallContext context) {
        String authority = attempt.endpoint().authority();
        if (headUnsupported.getIfPresent(authority) != null) {
            return digestByGet(contentRequest, attempt, subject, context);
        }
        return send("HEAD", contentRequest, attempt, context).thenCompose(result -> {
            if (result instanceof Response response) {
                Optional<Digest> declared =
                        response.status() == 200 ? ContentRequest.headerDigest(response) : Optional.empty();
                if (declared.isPresent()) {
                    return CompletableFuture.completedFuture(new RegistryResult.Success<>(declared.get()));
                }
                int status = response.status();
                if (status == 200 || status == 401 || StatusMapping.headUnsupported(status)) {
                    return digestByGet(contentRequest, attempt, subject, context)
                            .thenApply(answer -> {
                                answer.fold(digest -> remember(authority), failure -> false);
                                return answer;
                            });
                }
            }
            return CompletableFuture.completedFuture(failure(result, contentRequest, attempt, subject));
        });
    }

    private boolean remember(String authority) {
        headUnsupported.put(authority, true);
        return true;
    }

    private CompletableFuture<RegistryResult<Digest>> digestByGet(
            ContentRequest contentRequest, EndpointAttempt attempt, String subject, CallContext context) {
        return get(contentRequest, attempt, subject, context)
                .thenApply(answer -> answer.fold(
                        content -> new RegistryResult.Success<>(content.digest()), RegistryResult.Failure::new));
    }

    private CompletableFuture<ExchangeResult> send(
            String method, ContentRequest contentRequest, EndpointAttempt attempt, CallContext context) {
        Endpoint endpoint = attempt.endpoint();
        RegistryRequest request = new RegistryRequest(
                contentRequest.operation(),
                method,
                endpoint.uri(contentRequest.kindOfPath(), contentRequest.target()),
                contentRequest.headers(),
                Optional.empty(),
                contentRequest.bound(),
                contentRequest.digest().map(Digest::algorithm).orElse(Digest.Algorithm.SHA256),
                endpoint.rule(),
                endpoint.plain(),
                contentRequest.file().isPresent() ? context.deadline().remaining() : attempt.timeout(),
                contentRequest.file());
        return retrying.send(endpoint, attempt.credential(), request, context);
    }

    private static <T> RegistryResult<T> failure(
            ExchangeResult result, ContentRequest contentRequest, EndpointAttempt attempt, String subject) {
        String host = attempt.endpoint().authority();
        if (result instanceof Failure failure) {
            return new RegistryResult.Failure<>(
                    new RegistryFailure(failure.kind(), host, subject, failure.reason(), failure.retryAfter()));
        }
        Response response = (Response) result;
        ErrorDetail missing = StatusMapping.failure(
                response, attempt.endpoint().label(), contentRequest.digest().isEmpty());
        ErrorDetail finding =
                attempt.asPod() ? missing : PullThroughCache.qualify(missing, response, attempt.endpoint());
        return new RegistryResult.Failure<>(RegistryFailure.of(finding.kind(), host, subject, finding.reason()));
    }
}
