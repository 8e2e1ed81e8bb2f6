package dev.stowage.serve;

import com.github.benmanes.caffeine.cache.Ticker;
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
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.auth.CredentialHelper;
import dev.stowage.registry.auth.HelperKeychain;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.VerdictSeeds;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** The engine, the pull secrets and the handler of reviews, put together as the configuration says. */
public final class ConfiguredReviews implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ConfiguredReviews.class.getName());
    private static final int VERIFIED_AT_ONCE = 16;

    /**
     * What is around it.
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

    private final Engine engine;
    private final NodeSource nodes;
    private final PullSecrets secrets;
    private final AdmissionHandler handler;

    /** Answers as these settings say. */
    public ConfiguredReviews(Settings settings, Surroundings surroundings) {
        this.engine = new Engine(settings, surroundings.requests(), surroundings.memory());
        this.nodes = new NodesAndPools(surroundings.nodes(), settings.nodePools());
        this.secrets = secrets(settings, surroundings.client());
        this.handler = new AdmissionHandler(
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
    }

    /** What answers reviews. */
    public AdmissionHandler handler() {
        return handler;
    }

    /** What answers for one image. */
    public Assessor assessor() {
        return engine.assessor();
    }

    /** The nodes and the declared pools. */
    public NodeSource nodes() {
        return nodes;
    }

    /** The pull credentials of workloads. */
    public KeyringSource keyrings() {
        return secrets;
    }

    /** The verdicts that were known before the start, which whatever reads reports adds to. */
    public VerdictSeeds seeds() {
        return engine.seeds();
    }

    @Override
    public void close() {
        secrets.close();
        engine.close();
    }

    private static PullSecrets secrets(Settings settings, KubernetesClient client) {
        HelperKeychain helpers = new HelperKeychain(
                settings.credentialHelpers(),
                CredentialHelper.searchPath(System.getenv().getOrDefault("PATH", "")),
                Ticker.systemTicker(),
                problem -> LOG.log(Level.WARNING, "credential helper: {0}", problem));
        return new PullSecrets(
                client,
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
