package dev.stowage.registry.transport;

import dev.stowage.async.CallContext;
import dev.stowage.async.Causes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.net.HttpProxy;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Makes single HTTP requests: checks the address, waits for the limits of the host, reads the response within its size limit and
 * timeout, and aborts the exchange after that. Futures never complete exceptionally.
 */
public final class HttpTransport {

    /** A timeout says something about a host only when the host had this much time. */
    private static final Duration FAIR_TIME = Duration.ofSeconds(1);

    /** A shorter wait is none, so that a request that did not have to wait needs one name look-up only. */
    private static final Duration NO_WAIT = Duration.ofMillis(100);

    private final RegistrySettings settings;
    private final HttpClients httpClients;
    private final RegistryExecutors executors;
    private final AddressGuard guard;
    private final RegistryObserver observer;
    private final LongSupplier nanos;
    private final ConnectionLimits limits;
    private final LargeBodies largeBodies = new LargeBodies();

    public HttpTransport(
            RegistrySettings settings,
            HttpClients httpClients,
            RegistryExecutors executors,
            AddressGuard guard,
            RegistryObserver observer,
            LongSupplier nanos) {
        this.settings = settings;
        this.httpClients = httpClients;
        this.executors = executors;
        this.guard = guard;
        this.observer = observer;
        this.nanos = nanos;
        this.limits = new ConnectionLimits(settings.maxInFlight(), nanos);
    }

    /** Makes the request; the result comes within the request's timeout and the call's deadline. */
    CompletableFuture<ExchangeResult> send(RegistryRequest request, CallContext context) {
        if (context.isEnded()) {
            return CompletableFuture.completedFuture(Failure.expired());
        }
        long start = nanos.getAsLong();
        return guard.check(request.uri(), context, NameLookups.REMEMBERED)
                .thenCompose(check ->
                        check.refusal().isPresent() ? done(check.refusal().get()) : queue(request, context, start));
    }

    private CompletableFuture<ExchangeResult> queue(RegistryRequest request, CallContext context, long start) {
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture<ExchangeResult> turn = limits.execute(host(request.uri()), request.rule(), context, () -> {
            started.set(true);
            return pace(request, context, start);
        });
        Runnable expire = () -> {
            if (!started.get()) {
                turn.complete(Failure.expired());
            }
        };
        context.onEnd(expire);
        return turn.handle((result, failure) -> {
            context.forget(expire);
            return failure == null ? result : rejected(request, failure);
        });
    }

    private static ExchangeResult rejected(RegistryRequest request, Throwable failure) {
        if (Causes.find(failure, RejectedExecutionException.class).isPresent()) {
            return Failure.policy(Kind.REFUSED, "too many requests wait for " + host(request.uri()));
        }
        throw new CompletionException(failure);
    }

    private CompletableFuture<ExchangeResult> pace(RegistryRequest request, CallContext context, long start) {
        Optional<Duration> wait =
                limits.pace(host(request.uri()), context.deadline().remaining());
        if (wait.isEmpty()) {
            return done(Failure.policy(
                    Kind.TIMEOUT, "delayed by registries." + request.rule().host() + ".maxRequestsPerSecond"));
        }
        return wait.get().isZero()
                ? exchange(request, context, start)
                : executors.later(wait.get(), () -> exchange(request, context, start));
    }

    /** Checks the address again, since the name may have another by now. */
    private CompletableFuture<ExchangeResult> exchange(RegistryRequest request, CallContext context, long start) {
        if (context.isEnded()) {
            return done(Failure.expired());
        }
        Duration waited = Duration.ofNanos(nanos.getAsLong() - start);
        Duration maxAge = waited.compareTo(NO_WAIT) < 0 ? NameLookups.REMEMBERED : waited;
        return guard.check(request.uri(), context, maxAge)
                .thenCompose(check -> check.refusal().isPresent()
                        ? done(check.refusal().get())
                        : exchange(request, context, check.address()));
    }

    private CompletableFuture<ExchangeResult> exchange(
            RegistryRequest request, CallContext context, Optional<InetAddress> address) {
        BodyReader reader = new BodyReader(
                request.bound(),
                request.algorithm(),
                "HEAD".equals(request.method()),
                largeBodies,
                context.owner(),
                request.file());
        long start = nanos.getAsLong();
        return run(request, address, reader, context, start)
                .thenCompose(result -> recheckAddress(request, context, result))
                .whenComplete((result, error) -> observe(request, result, nanos.getAsLong() - start));
    }

    private CompletableFuture<ExchangeResult> run(
            RegistryRequest request,
            Optional<InetAddress> address,
            BodyReader reader,
            CallContext context,
            long start) {
        CompletableFuture<HttpResponse<ResponseBody>> sent;
        try {
            HttpClient client = httpClients.trusting(request.rule().trusted());
            sent = client.sendAsync(request(request, address), reader);
        } catch (IllegalArgumentException e) {
            return done(Failure.permanent(Kind.UNAVAILABLE, host(request.uri()) + " has a malformed address"));
        }
        CompletableFuture<ExchangeResult> result = new CompletableFuture<>();
        Duration left = context.deadline().remaining();
        Duration time = request.timeout().compareTo(left) < 0 ? request.timeout() : left;
        Runnable abort = () -> {
            boolean fair = nanos.getAsLong() - start >= FAIR_TIME.toNanos();
            result.complete(timedOut(request, reader, time, fair));
            sent.cancel(true);
            reader.abort();
        };
        context.onEnd(abort);
        Future<?> timer = executors.schedule(time, abort);
        // the JDK completes on threads of the common pool, or on a new one each time where there are few processors
        sent.whenCompleteAsync(
                (response, error) -> {
                    timer.cancel(false);
                    context.forget(abort);
                    result.complete(error == null ? response(request, response) : failure(request, reader, error));
                },
                executors.responses());
        return result;
    }

    private HttpRequest request(RegistryRequest call, Optional<InetAddress> address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri())
                .setHeader("User-Agent", settings.userAgent())
                .setHeader("Accept-Encoding", ContentEncoding.IDENTITY);
        call.headers().forEach(request::setHeader);
        httpClients.authorizeProxy(call.uri(), request);
        address.ifPresent(checked -> httpClients.connectTo(checked, call.uri(), request));
        return request.method(call.method(), call.body().orElseGet(BodyPublishers::noBody))
                .build();
    }

    private ExchangeResult response(RegistryRequest request, HttpResponse<ResponseBody> response) {
        Optional<HttpProxy> proxy = httpClients.proxyFor(request.uri());
        if (proxy.isPresent() && ProxyErrors.isFromProxy(response)) {
            return ProxyErrors.unauthorized(proxy.get(), response.headers());
        }
        ResponseBody body = response.body() == null ? ResponseBody.EMPTY : response.body();
        return new Response(request.uri(), response.statusCode(), response.headers(), body);
    }

    private Failure failure(RegistryRequest request, BodyReader reader, Throwable error) {
        Throwable cause = Causes.unwrap(error);
        Optional<Failure> ofProxy =
                httpClients.proxyFor(request.uri()).flatMap(proxy -> ProxyErrors.of(cause, proxy, host(request.uri())));
        return ofProxy.isPresent()
                ? ofProxy.get()
                : NetworkErrors.of(cause, host(request.uri()), request.rule().host(), reader.received());
    }

    private static Failure timedOut(RegistryRequest request, BodyReader reader, Duration time, boolean fair) {
        String within = " within " + time.toMillis() + " ms";
        String reason = reader.hasStarted()
                ? host(request.uri()) + " did not finish its response" + within + " (" + reader.received()
                        + " bytes received)"
                : host(request.uri()) + " did not respond" + within;
        return fair ? Failure.permanent(Kind.TIMEOUT, reason) : Failure.policy(Kind.TIMEOUT, reason);
    }

    /** Plain http proves no identity: if the name now resolves to a refused address, the response is refused. */
    private CompletableFuture<ExchangeResult> recheckAddress(
            RegistryRequest request, CallContext context, ExchangeResult result) {
        if (!(result instanceof Response) || !"http".equals(request.uri().getScheme())) {
            return done(result);
        }
        return guard.check(request.uri(), context, Duration.ZERO).thenApply(check -> check.refusal()
                .filter(failure -> failure.kind() == Kind.REFUSED)
                .map(ExchangeResult.class::cast)
                .orElse(result));
    }

    private void observe(RegistryRequest request, ExchangeResult result, long duration) {
        Optional<Kind> failure;
        OptionalLong remaining = OptionalLong.empty();
        if (result instanceof Response response) {
            failure = response.status() < 400 ? Optional.empty() : Optional.of(StatusMapping.kind(response.status()));
            remaining = remaining(response);
        } else {
            failure = Optional.of(result instanceof Failure failed ? failed.kind() : Kind.UNAVAILABLE);
        }
        observer.finished(new RegistryObserver.Request(
                host(request.uri()), request.operation(), failure, Duration.ofNanos(Math.max(0, duration)), remaining));
    }

    /** Docker Hub writes {@code 97;w=21600}: 97 of a window of six hours. */
    private static OptionalLong remaining(Response response) {
        String text = response.header("RateLimit-Remaining").orElse("").trim();
        int semicolon = text.indexOf(';');
        String number = semicolon < 0 ? text : text.substring(0, semicolon);
        return number.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }

    private static String host(URI uri) {
        return Authority.of(uri);
    }

    private static CompletableFuture<ExchangeResult> done(ExchangeResult result) {
        return CompletableFuture.completedFuture(result);
    }
}
