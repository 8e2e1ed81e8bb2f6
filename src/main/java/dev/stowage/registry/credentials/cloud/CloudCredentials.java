package dev.stowage.registry.credentials.cloud;

import dev.stowage.async.DaemonThreads;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.credentials.CredentialProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Credentials for the registries of AWS, Google and Azure from the identity of this pod. Whether there is one is found out once, in
 * the background; until then, and without one, these registries are read as any other.
 */
public final class CloudCredentials implements CredentialProvider, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(CloudCredentials.class.getName());
    private static final int THREADS = 4;
    private static final int QUEUE = 256;
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    /** A metadata server may need seconds before it knows a new pod. */
    private static final List<Duration> AGAIN = List.of(Duration.ofSeconds(5), Duration.ofSeconds(15));

    /** One cloud and its tokens. */
    private static final class Registries<K> {
        private final Cloud<K> cloud;
        private final CloudTokens<K> tokens;
        private final CompletableFuture<Boolean> present = new CompletableFuture<>();

        Registries(Cloud<K> cloud, Clock clock, LongSupplier nanos, ExecutorService background) {
            this.cloud = cloud;
            this.tokens = new CloudTokens<>(
                    cloud, clock, nanos, background, new ThrottledLog(LOG, "cloud credentials", clock));
        }

        boolean isPresent() {
            return present.getNow(false);
        }

        Optional<CompletableFuture<Optional<Credential>>> credential(String registry, Duration patience) {
            return cloud.keyOf(registry).map(key -> tokens.credential(key, patience));
        }

        Optional<String> problem(String registry) {
            return cloud.keyOf(registry).filter(key -> !cloud.isOptional(key)).flatMap(key -> {
                if (!present.isDone()) {
                    return Optional.of("Stowage has just started and does not know yet whether it has an identity at "
                            + cloud.name());
                }
                return isPresent() ? tokens.problem(key) : Optional.empty();
            });
        }

        Optional<String> permission(String registry) {
            return cloud.keyOf(registry)
                    .filter(key -> isPresent() && !cloud.isOptional(key) && tokens.has(key))
                    .map(key -> cloud.permission());
        }
    }

    private final CloudHttp http;
    private final ExecutorService background = DaemonThreads.pool("cloud-credentials", THREADS, QUEUE);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("cloud-renewal"));
    private final List<Registries<?>> clouds = new ArrayList<>();
    private final boolean waits;

    CloudCredentials(
            CloudSettings settings,
            Map<String, String> environment,
            CloudHttp http,
            Clock clock,
            LongSupplier nanos,
            boolean waits) {
        this.http = http;
        this.waits = waits;
        if (settings.aws()) {
            clouds.add(new Registries<>(new AwsCloud(http, environment, clock), clock, nanos, background));
        }
        if (settings.google()) {
            clouds.add(new Registries<>(new GoogleCloud(http, clock), clock, nanos, background));
        }
        if (settings.azure()) {
            clouds.add(new Registries<>(new AzureCloud(http, environment, clock), clock, nanos, background));
        }
        clouds.forEach(cloud -> background.execute(() -> detect(cloud, waits ? AGAIN.size() : 0)));
        timer.scheduleWithFixedDelay(this::renewDue, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        detected().thenRun(this::closeUnlessPresent);
    }

    /**
     * The credentials of a server, whose look-ups never wait for the answer to whether there is an identity.
     *
     * @param settings the clouds to use
     * @param environment the environment's variables, in which clouds place identities
     * @param registries proxies and authorities
     */
    public static CloudCredentials ofServer(
            CloudSettings settings, Map<String, String> environment, RegistrySettings registries) {
        return create(settings, environment, registries, false);
    }

    /** The same for a command, which has nothing better to do than to wait for that. */
    public static CloudCredentials ofCommand(
            CloudSettings settings, Map<String, String> environment, RegistrySettings registries) {
        return create(settings, environment, registries, true);
    }

    private static CloudCredentials create(
            CloudSettings settings, Map<String, String> environment, RegistrySettings registries, boolean waits) {
        return new CloudCredentials(
                settings, environment, new CloudHttp(registries), Clock.systemUTC(), System::nanoTime, waits);
    }

    @Override
    public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
        String registry = repository.registry();
        // the registry is still to be contacted: a slow service must leave time for that
        Duration patience = deadline.remaining().dividedBy(2);
        for (Registries<?> cloud : clouds) {
            if ((waits || cloud.isPresent()) && cloud.cloud.keyOf(registry).isPresent()) {
                return present(cloud, patience)
                        .thenCompose(present -> present ? credential(cloud, registry, patience) : none());
            }
        }
        return none();
    }

    @Override
    public Optional<String> problem(Repository repository) {
        return clouds.stream()
                .flatMap(cloud -> cloud.problem(repository.registry()).stream())
                .findFirst();
    }

    @Override
    public Optional<String> permission(Repository repository) {
        return clouds.stream()
                .flatMap(cloud -> cloud.permission(repository.registry()).stream())
                .findFirst();
    }

    /** Completes when it is known of every cloud whether there is an identity. */
    CompletableFuture<Void> detected() {
        return CompletableFuture.allOf(
                clouds.stream().map(cloud -> cloud.present).toArray(CompletableFuture[]::new));
    }

    /** Renews what is due, and forgets what has expired. */
    void renewDue() {
        clouds.forEach(cloud -> cloud.tokens.renewDue());
    }

    private CompletableFuture<Boolean> present(Registries<?> cloud, Duration patience) {
        return waits
                ? cloud.present.copy().completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS)
                : CompletableFuture.completedFuture(cloud.isPresent());
    }

    private static CompletableFuture<List<Credential>> credential(
            Registries<?> cloud, String registry, Duration patience) {
        return cloud.credential(registry, patience)
                .map(found -> found.thenApply(credential -> credential.stream().toList()))
                .orElseGet(CloudCredentials::none);
    }

    private static CompletableFuture<List<Credential>> none() {
        return CompletableFuture.completedFuture(List.of());
    }

    private void detect(Registries<?> cloud, int attempt) {
        boolean present = false;
        try {
            present = cloud.cloud.isPresent();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "{0}: {1}",
                    cloud.cloud.name(),
                    e.getClass().getSimpleName());
        }
        if (!present && attempt < AGAIN.size()) {
            retry(cloud, attempt);
            return;
        }
        if (present) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "found {0}: its registries are read with the identity of this pod",
                    cloud.cloud.name());
        }
        cloud.present.complete(present);
    }

    private void closeUnlessPresent() {
        if (clouds.stream().noneMatch(Registries::isPresent)) {
            close();
        }
    }

    private void retry(Registries<?> cloud, int attempt) {
        try {
            timer.schedule(
                    () -> background.execute(() -> detect(cloud, attempt + 1)),
                    AGAIN.get(attempt).toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed meanwhile
            cloud.present.complete(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        background.shutdownNow();
        http.close();
    }
}
