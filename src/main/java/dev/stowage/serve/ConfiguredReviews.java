package dev.stowage.serve;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionAnswer;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.AdmissionOutcome;
import dev.stowage.admission.BoundedVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.NodeSource;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.cluster.PullSecrets;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.auth.CredentialHelper;
import dev.stowage.registry.auth.HelperKeychain;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.verdict.Assessment;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.VerdictSeeds;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * Answers reviews as the configuration in force says. When that changes, reviews from then on are answered by the new one; those
 * under way end with what they began with. The engine with its caches stays as long as nothing about registries changes.
 */
public final class ConfiguredReviews implements ReviewHandler, AutoCloseable {

    private static final Logger LOG = System.getLogger(ConfiguredReviews.class.getName());
    private static final int VERIFIED_AT_ONCE = 16;
    /** Longer than any review and any background verification may take. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /**
     * What does not change with the configuration.
     *
     * @param client the cluster
     * @param nodes its nodes, without declared pools
     * @param modes what its namespaces say
     * @param templateDefaults what admission adds to pods of templates
     * @param requests is told of requests to registries
     * @param memory is told how caches met questions
     * @param observer is told of every answer
     */
    public record Surroundings(
            KubernetesClient client,
            NodeSource nodes,
            NamespaceModes modes,
            TemplateDefaults templateDefaults,
            RegistryObserver requests,
            CacheObserver memory,
            AdmissionObserver observer) {
        public Surroundings {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(nodes, "nodes");
            Objects.requireNonNull(modes, "modes");
            Objects.requireNonNull(templateDefaults, "templateDefaults");
            Objects.requireNonNull(requests, "requests");
            Objects.requireNonNull(memory, "memory");
            Objects.requireNonNull(observer, "observer");
        }
    }

    private record InForce(
            Settings settings, Engine engine, NodeSource nodes, PullSecrets secrets, AdmissionHandler handler) {}

    private final Surroundings surroundings;
    private volatile InForce current;

    /** Answers as these settings say. */
    public ConfiguredReviews(Settings settings, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.current = inForce(settings, engine(settings));
    }

    @Override
    public CompletableFuture<AdmissionAnswer> handle(byte[] body, String contentType) {
        return current.handler().handle(body, contentType);
    }

    /** The engine that is in force at each question. */
    public Assessor assessor() {
        return new Assessor() {
            @Override
            public CompletableFuture<Assessment> assess(
                    String image,
                    Purpose purpose,
                    Set<NodeProfile> profiles,
                    Verification verification,
                    Keyring keyring,
                    Deadline deadline) {
                return current.engine().assessor().assess(image, purpose, profiles, verification, keyring, deadline);
            }

            @Override
            public Assessor inNamespace(String namespace) {
                return current.engine().assessor().inNamespace(namespace);
            }
        };
    }

    /** The nodes, and the declared pools that are in force at each question. */
    public NodeSource nodes() {
        return new NodeSource() {
            @Override
            public Collection<NodeFacts> nodes() {
                return current.nodes().nodes();
            }

            @Override
            public boolean known() {
                return current.nodes().known();
            }
        };
    }

    /** The keyrings as they are in force at each question. */
    public KeyringSource keyrings() {
        return (workload, deadline) -> current.secrets().keyringOf(workload, deadline);
    }

    /** The verdicts that were known before the start, for what reads them from reports to add. */
    public VerdictSeeds seeds() {
        return current.engine().seeds();
    }

    /** A rehearsal for what is in force; see {@link StagedRehearsal#start}. */
    Rehearsal rehearsal(Vertx vertx, String namespace) throws Exception {
        return StagedRehearsal.start(vertx, current.settings(), surroundings, namespace);
    }

    /** From now on these settings hold. */
    public synchronized void apply(Settings settings) {
        InForce before = current;
        boolean sameRegistries = before.settings().registries().equals(settings.registries())
                && before.settings().cache().equals(settings.cache())
                && before.settings().defaultRegistry().equals(settings.defaultRegistry());
        current = inForce(settings, sameRegistries ? before.engine() : engine(settings));
        CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    before.secrets().close();
                    if (!sameRegistries) {
                        before.engine().close();
                    }
                });
    }

    @Override
    public synchronized void close() {
        current.secrets().close();
        current.engine().close();
    }

    private Engine engine(Settings settings) {
        return new Engine(settings, surroundings.requests(), surroundings.memory());
    }

    private InForce inForce(Settings settings, Engine engine) {
        PullSecrets secrets = secrets(settings);
        NodeSource nodes = new NodesAndPools(surroundings.nodes(), settings.nodePools());
        AdmissionHandler handler = new AdmissionHandler(
                new WorkloadReader(settings.customKinds()),
                engine.reviewer(),
                new ClusterView(nodes, secrets, surroundings.modes(), surroundings.templateDefaults()),
                settings::policy,
                new BoundedVerification(
                        engine.reviewer(), ForkJoinPool.commonPool(), VERIFIED_AT_ONCE, Ticker.systemTicker()),
                outcome -> {
                    forgetRefused(outcome, secrets);
                    surroundings.observer().answered(outcome);
                });
        return new InForce(settings, engine, nodes, secrets, handler);
    }

    private PullSecrets secrets(Settings settings) {
        HelperKeychain helpers = new HelperKeychain(
                settings.credentialHelpers(),
                CredentialHelper.searchPath(System.getenv().getOrDefault("PATH", "")),
                Ticker.systemTicker(),
                problem -> LOG.log(Level.WARNING, "credential helper: {0}", problem));
        return new PullSecrets(
                surroundings.client(),
                new PullSecrets.Settings(
                        settings.readPullSecrets(), settings.globalPullSecret(), PullSecrets.Settings.DEFAULT.ttl()),
                helpers);
    }

    /** A registry that refuses may have been asked with a secret that has changed since. */
    private static void forgetRefused(AdmissionOutcome outcome, PullSecrets secrets) {
        boolean refused = outcome.ruling().map(ruling -> ruling.findings().findings()).orElse(List.of()).stream()
                .flatMap(finding -> finding.assessment().verdicts().values().stream())
                .anyMatch(verdict -> verdict.reason() == Reason.UNAUTHORIZED);
        if (refused) {
            secrets.forget(outcome.namespace());
        }
    }
}
