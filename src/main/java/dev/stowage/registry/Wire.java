package dev.stowage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes single HTTP requests: checks the address, waits for the host's turn, reads the answer within its bounds and its
 * time, and really breaks it off when that has passed. Futures never complete exceptionally.
 */
final class Wire {

    /** A timeout says something about a host only when the host had this much time. */
    private static final Duration FAIR_TIME = Duration.ofSeconds(1);

    private static final int MAX_GATES = 10_000;

    private record Limits(HostGate gate, Pace pace) {}

    private final RegistrySettings settings;
    private final Clients clients;
    private final Workers workers;
    private final AddressGuard guard;
    private final RegistryObserver observer;
    private final LongSupplier nanos;
    private final Cache<String, Limits> limits =
            Caffeine.newBuilder().maximumSize(MAX_GATES).build();

    Wire(
            RegistrySettings settings,
            Clients clients,
            Workers workers,
            AddressGuard guard,
            RegistryObserver observer,
            LongSupplier nanos) {
        this.settings = settings;
        this.clients = clients;
        this.workers = workers;
        this.guard = guard;
        this.observer = observer;
        this.nanos = nanos;
    }

    /** Makes the request; the result comes by the call's timeout and the errand's deadline. */
    CompletableFuture<Result> send(Call call, Errand errand) {
        if (errand.isOver()) {
            return CompletableFuture.completedFuture(Broken.over());
        }
        return guard.check(call.uri())
                .thenCompose(refused -> refused.isPresent() ? done(refused.get()) : queue(call, errand));
    }

    private CompletableFuture<Result> queue(Call call, Errand errand) {
        Limits limit = limits.get(Authority.of(call.uri()), authority -> limits(call.rule()));
        Optional<Duration> wait = limit.pace().take(errand.deadline().remaining());
        if (wait.isEmpty()) {
            return done(Broken.ours(
                    Kind.TIMEOUT, "delayed by registries." + call.rule().host() + ".maxRequestsPerSecond"));
        }
        Supplier<CompletableFuture<Result>> pass =
                () -> limit.gate().pass(errand, () -> exchange(call, errand), Result.Broken::over);
        return wait.get().isZero() ? pass.get() : workers.later(wait.get(), pass);
    }

    private Limits limits(RegistryRule rule) {
        return new Limits(
                new HostGate(rule.maxInFlight().orElse(settings.maxInFlight())),
                new Pace(rule.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY), nanos));
    }

    private CompletableFuture<Result> exchange(Call call, Errand errand) {
        if (errand.isOver()) {
            return done(Broken.over());
        }
        BodyReader reader = new BodyReader(call.bound(), call.algorithm(), "HEAD".equals(call.method()));
        long start = nanos.getAsLong();
        return run(call, reader, errand, start)
                .thenCompose(result -> checkedAgain(call, result))
                .whenComplete((result, error) -> observe(call, result, nanos.getAsLong() - start));
    }

    private CompletableFuture<Result> run(Call call, BodyReader reader, Errand errand, long start) {
        CompletableFuture<HttpResponse<Body>> sent;
        try {
            HttpClient client = clients.trusting(call.rule().trusted());
            sent = client.sendAsync(request(call), reader);
        } catch (IllegalArgumentException e) {
            return done(Broken.lasting(Kind.UNAVAILABLE, host(call.uri()) + " has a malformed address"));
        }
        CompletableFuture<Result> result = new CompletableFuture<>();
        Duration left = errand.deadline().remaining();
        Duration time = call.timeout().compareTo(left) < 0 ? call.timeout() : left;
        Runnable abort = () -> {
            boolean fair = nanos.getAsLong() - start >= FAIR_TIME.toNanos();
            result.complete(late(call, reader, time, fair));
            sent.cancel(true);
            reader.abort();
        };
        errand.onEnd(abort);
        Future<?> alarm = workers.after(time, abort);
        // the JDK answers on threads of the common pool, or on a new one each time where there are few processors
        sent.whenCompleteAsync(
                (response, error) -> {
                    alarm.cancel(false);
                    errand.forget(abort);
                    result.complete(error == null ? reply(call, response) : broken(call, reader, error));
                },
                workers.answers());
        return result;
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri()).setHeader("User-Agent", settings.userAgent());
        call.headers().forEach(request::setHeader);
        if ("http".equals(call.uri().getScheme())) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        return request.method(
                        call.method(), call.form().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody))
                .build();
    }

    private static Result reply(Call call, HttpResponse<Body> response) {
        Body body = response.body() == null ? Body.EMPTY : response.body();
        return new Reply(call.uri(), response.statusCode(), response.headers(), body);
    }

    private static Broken broken(Call call, BodyReader reader, Throwable error) {
        Throwable cause = Workers.unwrapped(error);
        return Breakage.of(cause, host(call.uri()), call.rule().host(), reader.received());
    }

    private static Broken late(Call call, BodyReader reader, Duration time, boolean fair) {
        String within = " within " + time.toMillis() + " ms";
        String reason = reader.hasStarted()
                ? host(call.uri()) + " did not finish its response" + within + " (" + reader.received()
                        + " bytes received)"
                : host(call.uri()) + " did not respond" + within;
        return fair ? Broken.lasting(Kind.TIMEOUT, reason) : Broken.ours(Kind.TIMEOUT, reason);
    }

    /** Plain http proves nothing about who answered: a name that moved to a refused address meanwhile is refused. */
    private CompletableFuture<Result> checkedAgain(Call call, Result result) {
        if (!(result instanceof Reply) || !"http".equals(call.uri().getScheme())) {
            return done(result);
        }
        return guard.check(call.uri()).thenApply(refused -> refused.filter(broken -> broken.kind() == Kind.REFUSED)
                .map(Result.class::cast)
                .orElse(result));
    }

    private void observe(Call call, Result result, long duration) {
        Optional<Kind> failure;
        OptionalLong remaining = OptionalLong.empty();
        if (result instanceof Reply reply) {
            failure = reply.status() < 400 ? Optional.empty() : Optional.of(Statuses.kind(reply.status()));
            remaining = remaining(reply);
        } else {
            failure = Optional.of(result instanceof Broken broken ? broken.kind() : Kind.UNAVAILABLE);
        }
        observer.finished(new RegistryObserver.Request(
                host(call.uri()), call.ask(), failure, Duration.ofNanos(Math.max(0, duration)), remaining));
    }

    /** Docker Hub writes {@code 97;w=21600}: 97 of a window of six hours. */
    private static OptionalLong remaining(Reply reply) {
        String text = reply.header("RateLimit-Remaining").orElse("").trim();
        int semicolon = text.indexOf(';');
        String number = semicolon < 0 ? text : text.substring(0, semicolon);
        return number.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }

    private static String host(URI uri) {
        return Authority.of(uri);
    }

    private static CompletableFuture<Result> done(Result result) {
        return CompletableFuture.completedFuture(result);
    }
}
