package dev.stowage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import dev.stowage.registry.Statuses.Finding;
import dev.stowage.registry.auth.Credential;
import dev.stowage.registry.auth.TokenCache;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Registries over HTTP, as a node sees them (distribution-spec, "Pull"). No thread waits for a registry; what has not come
 * by the deadline, or is cancelled by its asker, is broken off. The futures' callbacks run on a few threads of this client
 * and must not block.
 */
public final class HttpRegistry implements Registry, AutoCloseable {

    private final RegistrySettings settings;
    private final Workers workers = new Workers();
    private final Clients clients;
    private final Attempts attempts;
    private final Set<Round<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    /** Hosts at which HEAD does not tell a tag's digest. */
    private final Cache<String, Boolean> headless =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** One host to ask as one credential, or as nobody. */
    private record Visit(Endpoint endpoint, Optional<Credential> credential, Duration timeout) {}

    /** How a visit is made; differs between contents and digests. */
    private interface Step<T> {
        CompletableFuture<Answer<T>> make(Visit visit, String subject, Errand errand);
    }

    /**
     * A client.
     *
     * @param settings how registries are contacted
     * @param observer is notified of every request
     */
    public HttpRegistry(RegistrySettings settings, RegistryObserver observer) {
        this(settings, observer, AddressGuard.Resolver.SYSTEM, System::nanoTime, Clock.systemUTC());
    }

    HttpRegistry(
            RegistrySettings settings,
            RegistryObserver observer,
            AddressGuard.Resolver resolver,
            LongSupplier nanos,
            Clock clock) {
        this.settings = settings;
        this.clients = new Clients(settings, workers.answers());
        AddressGuard guard = new AddressGuard(settings.addresses(), settings.proxies(), resolver, workers.lookups());
        Wire wire = new Wire(settings, clients, workers, guard, observer, nanos);
        Redirects redirects = new Redirects(wire, settings);
        TokenClient tokens = new TokenClient(redirects, settings, new TokenCache(nanos), clock);
        Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        this.attempts = new Attempts(new Authenticator(redirects, tokens), workers, backoff, nanos, clock);
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, String target, Access access, Deadline deadline) {
        return content(repository, Want.manifest(target), access, deadline);
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, Descriptor entry, Access access, Deadline deadline) {
        return content(repository, Want.entry(entry), access, deadline);
    }

    @Override
    public CompletableFuture<Answer<Content>> blob(
            Repository repository, Descriptor blob, Access access, Deadline deadline) {
        return content(repository, Want.blob(blob), access, deadline);
    }

    @Override
    public CompletableFuture<Answer<Digest>> digest(
            Repository repository, String tag, Access access, Deadline deadline) {
        Want want = Want.digestOf(tag);
        return ask(
                repository, want, access, deadline, (visit, subject, errand) -> digest(want, visit, subject, errand));
    }

    /** Ends all threads and connections; what is still in progress fails. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(Round::stop);
        clients.close();
        workers.close();
    }

    private CompletableFuture<Answer<Content>> content(
            Repository repository, Want want, Access access, Deadline deadline) {
        return ask(repository, want, access, deadline, (visit, subject, errand) -> get(want, visit, subject, errand));
    }

    private <T> CompletableFuture<Answer<T>> ask(
            Repository repository, Want want, Access access, Deadline deadline, Step<T> step) {
        String subject = want.subject(repository);
        String host = repository.registry();
        List<Endpoint> endpoints = Endpoint.of(repository, settings);
        Optional<Finding> objection = endpoints.isEmpty()
                ? Optional.of(new Finding(Kind.INVALID, "is not a valid repository name"))
                : want.objection();
        if (objection.isPresent()) {
            return failed(objection.get(), host, subject);
        }
        if (settings.rule(host).filter(RegistryRule::blocked).isPresent()) {
            return failed(
                    new Finding(
                            Kind.REFUSED, host + " is blocked by this configuration (registries." + host + ".blocked)"),
                    host,
                    subject);
        }
        return new Round<>(endpoints, access, subject, deadline, step).start();
    }

    private CompletableFuture<Answer<Content>> get(Want want, Visit visit, String subject, Errand errand) {
        return send("GET", want, visit, errand)
                .thenApply(result -> result instanceof Reply reply && reply.status() == 200
                        ? content(want, reply, visit, subject)
                        : failure(result, want, visit, subject));
    }

    private Answer<Content> content(Want want, Reply reply, Visit visit, String subject) {
        Optional<Finding> complaint = want.complaint(reply, visit.endpoint().label());
        if (complaint.isPresent()) {
            return new Answer.Failed<>(RegistryFailure.of(
                    complaint.get().kind(),
                    visit.endpoint().authority(),
                    subject,
                    complaint.get().reason()));
        }
        String type = MediaTypes.withoutParameters(reply.header("Content-Type").orElse(""));
        Body body = reply.body();
        return new Answer.Found<>(new Content(body.bytes(), type, body.digest()));
    }

    private CompletableFuture<Answer<Digest>> digest(Want want, Visit visit, String subject, Errand errand) {
        String authority = visit.endpoint().authority();
        if (headless.getIfPresent(authority) != null) {
            return digestByGet(want, visit, subject, errand);
        }
        return send("HEAD", want, visit, errand).thenCompose(result -> {
            if (result instanceof Reply reply) {
                Optional<Digest> said = reply.status() == 200 ? Want.headerDigest(reply) : Optional.empty();
                if (said.isPresent()) {
                    return CompletableFuture.completedFuture(new Answer.Found<>(said.get()));
                }
                int status = reply.status();
                if (status == 200 || status == 401 || Statuses.headUnsupported(status)) {
                    return digestByGet(want, visit, subject, errand).thenApply(answer -> {
                        answer.fold(digest -> remember(authority), failure -> false);
                        return answer;
                    });
                }
            }
            return CompletableFuture.completedFuture(failure(result, want, visit, subject));
        });
    }

    private boolean remember(String authority) {
        headless.put(authority, true);
        return true;
    }

    private CompletableFuture<Answer<Digest>> digestByGet(Want want, Visit visit, String subject, Errand errand) {
        return get(want, visit, subject, errand)
                .thenApply(answer -> answer.fold(content -> new Answer.Found<>(content.digest()), Answer.Failed::new));
    }

    private CompletableFuture<Result> send(String method, Want want, Visit visit, Errand errand) {
        Endpoint endpoint = visit.endpoint();
        Call call = new Call(
                want.ask(),
                method,
                endpoint.uri(want.kindOfPath(), want.target()),
                want.headers(),
                Optional.empty(),
                want.bound(),
                want.digest().map(Digest::algorithm).orElse(Digest.Algorithm.SHA256),
                endpoint.rule(),
                endpoint.plain(),
                visit.timeout());
        return attempts.send(endpoint, visit.credential(), call, errand);
    }

    private static <T> Answer<T> failure(Result result, Want want, Visit visit, String subject) {
        String host = visit.endpoint().authority();
        if (result instanceof Broken broken) {
            return new Answer.Failed<>(
                    new RegistryFailure(broken.kind(), host, subject, broken.reason(), broken.retryAfter()));
        }
        Finding finding = Statuses.failure(
                (Reply) result, visit.endpoint().label(), want.digest().isEmpty());
        return new Answer.Failed<>(RegistryFailure.of(finding.kind(), host, subject, finding.reason()));
    }

    private static <T> CompletableFuture<Answer<T>> failed(Finding finding, String host, String subject) {
        return CompletableFuture.completedFuture(
                new Answer.Failed<>(RegistryFailure.of(finding.kind(), host, subject, finding.reason())));
    }

    /** One question, put to host after host as credential after credential until one answers. */
    private final class Round<T> {

        private final List<Endpoint> endpoints;
        private final List<Visit> visits = new ArrayList<>();
        private final List<RegistryFailure> failures = new ArrayList<>();
        private final int credentials;
        private final String subject;
        private final Errand errand;
        private final Step<T> step;
        private final CompletableFuture<Answer<T>> answer = new CompletableFuture<>();

        Round(List<Endpoint> endpoints, Access access, String subject, Deadline deadline, Step<T> step) {
            this.endpoints = endpoints;
            this.credentials = access.credentials().size();
            this.subject = subject;
            this.errand = new Errand(deadline);
            this.step = step;
            List<Optional<Credential>> identities = credentials == 0
                    ? List.of(Optional.empty())
                    : access.credentials().stream().map(Optional::of).toList();
            Duration share = deadline.remaining().dividedBy((long) endpoints.size() * identities.size());
            for (Optional<Credential> credential : identities) {
                for (Endpoint endpoint : endpoints) {
                    visits.add(new Visit(endpoint, credential, timeout(endpoint, share)));
                }
            }
        }

        /** A host that does not answer must leave time for those after it. */
        private Duration timeout(Endpoint endpoint, Duration share) {
            Duration own = endpoint.rule().timeout().orElse(settings.requestTimeout());
            return own.compareTo(share) < 0 || share.isZero() ? own : share;
        }

        CompletableFuture<Answer<T>> start() {
            Duration left = errand.deadline().remaining();
            if (closed) {
                stop();
                return answer;
            }
            if (left.isZero()) {
                answer.complete(late());
                return answer;
            }
            Future<?> alarm = workers.after(left, () -> answer.complete(late()));
            underWay.add(this);
            answer.whenComplete((done, cancelled) -> {
                underWay.remove(this);
                alarm.cancel(false);
                errand.end();
            });
            if (closed) {
                stop();
            }
            visit(0).whenComplete((found, error) -> answer.complete(error == null ? found : unforeseen(error)));
            return answer;
        }

        private CompletableFuture<Answer<T>> visit(int number) {
            if (number == visits.size()) {
                return CompletableFuture.completedFuture(
                        new Answer.Failed<>(Failures.mostTelling(failures, credentials)));
            }
            if (errand.isOver()) {
                return CompletableFuture.completedFuture(late());
            }
            return step.make(visits.get(number), subject, errand)
                    .thenCompose(answer -> answer.fold(found -> CompletableFuture.completedFuture(answer), failure -> {
                        failures.add(failure);
                        return visit(number + 1);
                    }));
        }

        /** The client is closed, so nothing will come any more. */
        void stop() {
            answer.complete(new Answer.Failed<>(RegistryFailure.of(
                    Kind.UNAVAILABLE, endpoints.get(0).authority(), subject, "Stowage is shutting down")));
        }

        private Answer<T> late() {
            Endpoint last = endpoints.get(endpoints.size() - 1);
            return new Answer.Failed<>(RegistryFailure.of(
                    Kind.TIMEOUT, last.authority(), subject, last.label() + " did not respond in time"));
        }

        private Answer<T> unforeseen(Throwable error) {
            Throwable cause = Workers.unwrapped(error);
            System.getLogger(HttpRegistry.class.getName())
                    .log(System.Logger.Level.ERROR, "internal error while requesting " + subject, cause);
            return new Answer.Failed<>(RegistryFailure.of(
                    Kind.UNAVAILABLE,
                    endpoints.get(0).authority(),
                    subject,
                    "internal error, please report it: " + cause.getClass().getSimpleName()));
        }
    }
}
