package dev.stowage.registry.client;

import dev.stowage.async.CallContext;
import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Causes;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.auth.Authenticator;
import dev.stowage.registry.auth.TokenCache;
import dev.stowage.registry.auth.TokenClient;
import dev.stowage.registry.client.ContentClient.EndpointAttempt;
import dev.stowage.registry.resilience.Backoff;
import dev.stowage.registry.transport.AddressGuard;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.HttpClients;
import dev.stowage.registry.transport.HttpTransport;
import dev.stowage.registry.transport.Redirects;
import dev.stowage.registry.transport.RegistryExecutors;
import dev.stowage.registry.transport.StatusMapping.ErrorDetail;
import java.nio.file.Path;
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
 * Registries over HTTP, as a node uses them (distribution-spec, "Pull"). No thread waits for a registry; requests end at their
 * deadline or when the caller cancels them. The futures' callbacks run on a few threads of this client
 * and must not block.
 */
public final class HttpRegistry implements Registry, AutoCloseable {

    private final RegistrySettings settings;
    private final RegistryExecutors executors = new RegistryExecutors();
    private final HttpClients httpClients;
    private final ContentClient contents;
    private final LocalRegistries localRegistries;
    private final Set<EndpointFailover<?>> inFlight = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Makes an attempt: for content or for a digest. */
    private interface Step<T> {
        CompletableFuture<RegistryResult<T>> make(EndpointAttempt attempt, String subject, CallContext context);
    }

    /**
     * A client.
     *
     * @param settings the settings of the client
     * @param observer is notified of every request
     */
    public HttpRegistry(RegistrySettings settings, RegistryObserver observer) {
        this(settings, observer, LocalRegistries.NONE);
    }

    /**
     * A client of a cluster.
     *
     * @param localRegistries where registries are that only nodes reach by their names
     */
    public HttpRegistry(RegistrySettings settings, RegistryObserver observer, LocalRegistries localRegistries) {
        this(settings, observer, localRegistries, AddressGuard.Resolver.SYSTEM, System::nanoTime, Clock.systemUTC());
    }

    HttpRegistry(
            RegistrySettings settings,
            RegistryObserver observer,
            LocalRegistries localRegistries,
            AddressGuard.Resolver resolver,
            LongSupplier nanos,
            Clock clock) {
        this.settings = settings;
        this.localRegistries = localRegistries;
        this.httpClients = new HttpClients(settings, executors.responses());
        AddressGuard guard =
                new AddressGuard(settings.addresses(), settings.proxies(), resolver, executors.lookups(), nanos);
        HttpTransport transport = new HttpTransport(settings, httpClients, executors, guard, observer, nanos);
        Redirects redirects = new Redirects(transport, settings);
        TokenClient tokens = new TokenClient(redirects, settings, new TokenCache(nanos), clock);
        Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        this.contents = new ContentClient(
                new RetryingClient(new Authenticator(redirects, tokens), executors, backoff, nanos, clock));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        return content(repository, ContentRequest.manifest(target), credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return content(repository, ContentRequest.entry(entry), credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return content(repository, ContentRequest.blob(blob), credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> referrers(
            Repository repository, Digest subject, ReadCredentials credentials, Deadline deadline) {
        return CancellableFutures.then(
                content(repository, ContentRequest.referrers(subject), credentials, deadline),
                listed -> listed.fold(
                        found -> CompletableFuture.completedFuture(listed),
                        failure -> manifest(repository, Registry.referrersTag(subject), credentials, deadline)));
    }

    @Override
    public CompletableFuture<RegistryResult<Path>> download(
            Repository repository, Descriptor blob, Path file, ReadCredentials credentials, Deadline deadline) {
        return content(repository, ContentRequest.download(blob, file), credentials, deadline)
                .thenApply(result ->
                        result.fold(written -> new RegistryResult.Success<>(file), RegistryResult.Failure::new));
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        ContentRequest contentRequest = ContentRequest.digestOf(tag);
        return request(
                repository,
                contentRequest,
                credentials,
                deadline,
                (attempt, subject, context) -> contents.digest(contentRequest, attempt, subject, context));
    }

    /** Ends all threads and connections; what is still in progress fails. */
    @Override
    public void close() {
        closed = true;
        inFlight.forEach(EndpointFailover::stop);
        httpClients.close();
        executors.close();
    }

    private CompletableFuture<RegistryResult<Content>> content(
            Repository repository, ContentRequest contentRequest, ReadCredentials credentials, Deadline deadline) {
        return request(
                repository,
                contentRequest,
                credentials,
                deadline,
                (attempt, subject, context) -> contents.get(contentRequest, attempt, subject, context));
    }

    private <T> CompletableFuture<RegistryResult<T>> request(
            Repository repository,
            ContentRequest contentRequest,
            ReadCredentials credentials,
            Deadline deadline,
            Step<T> step) {
        String subject = contentRequest.subject(repository);
        String host = repository.registry();
        List<Endpoint> endpoints = Endpoint.of(repository, settings);
        Optional<ErrorDetail> objection = endpoints.isEmpty()
                ? Optional.of(new ErrorDetail(Kind.INVALID, "is not a valid repository name"))
                : contentRequest.validateTarget();
        if (objection.isPresent()) {
            return failed(objection.get(), host, subject);
        }
        if (settings.rule(host).filter(RegistryRule::blocked).isPresent()) {
            return failed(
                    new ErrorDetail(
                            Kind.REFUSED, host + " is blocked by this configuration (registries." + host + ".blocked)"),
                    host,
                    subject);
        }
        boolean mirrored = !endpoints.get(0).mirrorOf().isEmpty();
        if (mirrored || !Endpoint.isLocal(host, settings)) {
            return new EndpointFailover<>(endpoints, credentials, subject, deadline, step).start();
        }
        return CancellableFutures.then(localRegistries.addressOf(host, deadline), address -> {
            Optional<Endpoint> local = address.flatMap(there -> Endpoint.ofLocal(repository, there, settings));
            if (local.isPresent()) {
                return new EndpointFailover<>(
                                List.of(local.get()), usable(credentials, local.get()), subject, deadline, step)
                        .start();
            }
            return Endpoint.isOfNodesOnly(host, settings)
                    ? failed(ofNodesOnly(host), host, subject)
                    : new EndpointFailover<>(endpoints, credentials, subject, deadline, step).start();
        });
    }

    private static ErrorDetail ofNodesOnly(String host) {
        return new ErrorDetail(
                Kind.REFUSED,
                host + " is the loopback interface of each node, which cannot be reached from here: set registries.\""
                        + host + "\".mirrors to the registry's address in the cluster");
    }

    /** No secret is sent over plain HTTP to an address that the configuration does not name. */
    private static ReadCredentials usable(ReadCredentials credentials, Endpoint local) {
        return !local.plain() || local.rule().insecure().orElse(false)
                ? credentials
                : ReadCredentials.ANONYMOUS.forNamespace(credentials.namespace());
    }

    private static <T> CompletableFuture<RegistryResult<T>> failed(ErrorDetail finding, String host, String subject) {
        return CompletableFuture.completedFuture(
                new RegistryResult.Failure<>(RegistryFailure.of(finding.kind(), host, subject, finding.reason())));
    }

    /** One call, sent to host after host with credential after credential until one succeeds. */
    private final class EndpointFailover<T> {

        private final List<Endpoint> endpoints;
        private final List<EndpointAttempt> attempts = new ArrayList<>();
        private final List<RegistryFailure> failures = new ArrayList<>();
        private final int credentials;
        private final String subject;
        private final CallContext context;
        private final Step<T> step;
        private final CompletableFuture<RegistryResult<T>> answer = new CompletableFuture<>();

        EndpointFailover(
                List<Endpoint> endpoints, ReadCredentials access, String subject, Deadline deadline, Step<T> step) {
            this.endpoints = endpoints;
            this.credentials = access.credentials().size();
            this.subject = subject;
            this.context = new CallContext(deadline, access.namespace());
            this.step = step;
            List<Optional<Credential>> identities = credentials == 0
                    ? List.of(Optional.empty())
                    : access.credentials().stream().map(Optional::of).toList();
            Duration share = deadline.remaining().dividedBy((long) endpoints.size() * identities.size());
            for (Optional<Credential> credential : identities) {
                for (Endpoint endpoint : endpoints) {
                    attempts.add(new EndpointAttempt(endpoint, credential, access.ofPod(), timeout(endpoint, share)));
                }
            }
        }

        /** A host that does not respond must leave time for those after it. */
        private Duration timeout(Endpoint endpoint, Duration share) {
            Duration own = endpoint.rule().timeout().orElse(settings.requestTimeout());
            return own.compareTo(share) < 0 || share.isZero() ? own : share;
        }

        CompletableFuture<RegistryResult<T>> start() {
            Duration left = context.deadline().remaining();
            if (closed) {
                stop();
                return answer;
            }
            if (left.isZero()) {
                answer.complete(deadlineExceeded());
                return answer;
            }
            Future<?> timer = executors.schedule(left, () -> answer.complete(deadlineExceeded()));
            inFlight.add(this);
            answer.whenComplete((done, cancelled) -> {
                inFlight.remove(this);
                timer.cancel(false);
                context.end();
            });
            if (closed) {
                stop();
            }
            attempt(0).whenComplete((found, error) -> answer.complete(error == null ? found : internalError(error)));
            return answer;
        }

        private CompletableFuture<RegistryResult<T>> attempt(int number) {
            if (number == attempts.size()) {
                return CompletableFuture.completedFuture(
                        new RegistryResult.Failure<>(FailurePriority.mostSpecific(failures, credentials)));
            }
            if (context.isEnded()) {
                return CompletableFuture.completedFuture(deadlineExceeded());
            }
            return step.make(attempts.get(number), subject, context)
                    .thenCompose(answer -> answer.fold(found -> CompletableFuture.completedFuture(answer), failure -> {
                        failures.add(failure);
                        return attempt(number + 1);
                    }));
        }

        /** Fails the call because the client is closed. */
        void stop() {
            answer.complete(new RegistryResult.Failure<>(RegistryFailure.of(
                    Kind.UNAVAILABLE, endpoints.get(0).authority(), subject, "Stowage is shutting down")));
        }

        private RegistryResult<T> deadlineExceeded() {
            Endpoint last = endpoints.get(endpoints.size() - 1);
            return new RegistryResult.Failure<>(RegistryFailure.of(
                    Kind.TIMEOUT, last.authority(), subject, last.label() + " did not respond in time"));
        }

        private RegistryResult<T> internalError(Throwable error) {
            Throwable cause = Causes.unwrap(error);
            System.getLogger(HttpRegistry.class.getName())
                    .log(System.Logger.Level.ERROR, "internal error while requesting " + subject, cause);
            return new RegistryResult.Failure<>(RegistryFailure.of(
                    Kind.UNAVAILABLE,
                    endpoints.get(0).authority(),
                    subject,
                    "internal error, please report it: " + cause.getClass().getSimpleName()));
        }
    }
}
