package dev.stowage.serve;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BoundedVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.NodeSource;
import dev.stowage.admission.ReportedImages;
import dev.stowage.admission.SteeringEvent;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.cluster.secrets.LocalRegistryHosting;
import dev.stowage.cluster.secrets.PullSecrets;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.credentials.CredentialHelper;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.HelperCredentialProvider;
import dev.stowage.registry.credentials.cloud.CloudCredentials;
import dev.stowage.registry.credentials.plugin.CredentialPlugins;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.VerdictSeeds;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The engine, the pull secrets and the handler of reviews, put together as the configuration says. */
public final class AdmissionComponents implements AutoCloseable {

    private static final Logger LOG = System.getLogger(AdmissionComponents.class.getName());
    private static final int VERIFIED_AT_ONCE = 16;

    /**
     * The environment of the evaluator.
     *
     * @param client the cluster
     * @param nodes its nodes, without declared pools
     * @param modes the modes of its namespaces
     * @param templateDefaults the defaults that admission adds to pods of templates
     * @param requests observes requests to registries
     * @param memory observes cache lookups
     * @param observer observes every answer
     * @param steering observes every pod that came to be steered
     */
    public record Dependencies(
            KubernetesClient client,
            NodeSource nodes,
            NamespaceModes modes,
            TemplateDefaults templateDefaults,
            RegistryObserver requests,
            CacheObserver memory,
            AdmissionObserver observer,
            SteeringEvent.Observer steering) {

        /** Without an observer of steering. */
        public Dependencies(
                KubernetesClient client,
                NodeSource nodes,
                NamespaceModes modes,
                TemplateDefaults templateDefaults,
                RegistryObserver requests,
                CacheObserver memory,
                AdmissionObserver observer) {
            this(client, nodes, modes, templateDefaults, requests, memory, observer, SteeringEvent.Observer.NONE);
        }

        public Dependencies {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(nodes, "nodes");
            Objects.requireNonNull(modes, "modes");
            Objects.requireNonNull(templateDefaults, "templateDefaults");
            Objects.requireNonNull(requests, "requests");
            Objects.requireNonNull(memory, "memory");
            Objects.requireNonNull(observer, "observer");
            Objects.requireNonNull(steering, "steering");
        }
    }

    private final LocalRegistryHosting localRegistry;
    private final Engine engine;
    private final NodeSource nodes;
    private final Optional<CloudCredentials> cloud;
    private final Optional<CredentialPlugins> plugins;
    private final PullSecrets secrets;
    private final AdmissionHandler handler;
    private final Predicate<String> steers;
    private volatile ReportedImages reports = ReportedImages.OFF;

    /** Answers as these settings say. */
    public AdmissionComponents(Settings settings, Dependencies dependencies) {
        this.localRegistry = new LocalRegistryHosting(dependencies.client());
        this.engine = new Engine(settings, dependencies.requests(), dependencies.memory(), localRegistry);
        this.nodes = new NodesAndPools(dependencies.nodes(), settings::nodePools, dependencies.modes()::platformsOf);
        this.cloud = settings.cloudCredentials().isOff()
                ? Optional.empty()
                : Optional.of(
                        CloudCredentials.ofServer(settings.cloudCredentials(), System.getenv(), settings.registries()));
        this.plugins = plugins(settings);
        this.secrets = secrets(
                settings,
                dependencies.client(),
                CredentialProvider.inOrder(Stream.<CredentialProvider>concat(plugins.stream(), cloud.stream())
                        .toList()));
        this.steers = namespace ->
                settings.steering().mode().appliesTo(dependencies.modes().steeringOf(namespace));
        this.handler = new AdmissionHandler(
                new WorkloadReader(settings.workloads(), settings.reviewBudget()),
                engine.workloadAssessor(),
                new ClusterView(
                        nodes,
                        secrets,
                        dependencies.modes(),
                        dependencies.templateDefaults(),
                        namespace -> reports.in(namespace)),
                settings::policy,
                new BoundedVerification(
                        engine.workloadAssessor(), ForkJoinPool.commonPool(), VERIFIED_AT_ONCE, Ticker.systemTicker()),
                event -> {
                    forgetRefused(event, secrets);
                    dependencies.observer().answered(event);
                },
                settings.steering(),
                dependencies.steering());
    }

    /** Whether the pods of this namespace are steered. */
    public boolean steers(String namespace) {
        return steers.test(namespace);
    }

    /** From now on previews say what these reports say. */
    public void previewFrom(ReportedImages images) {
        reports = images;
    }

    /** Answers reviews. */
    public AdmissionHandler handler() {
        return handler;
    }

    /** Assesses one image. */
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
        cloud.ifPresent(CloudCredentials::close);
        plugins.ifPresent(CredentialPlugins::close);
        engine.close();
        localRegistry.close();
    }

    private static Optional<CredentialPlugins> plugins(Settings settings) {
        if (settings.credentialPlugins().isEmpty()) {
            return Optional.empty();
        }
        ThrottledLog log = new ThrottledLog(LOG, "credential providers", Clock.systemUTC());
        return Optional.of(new CredentialPlugins(
                settings.credentialPlugins(), Ticker.systemTicker(), problem -> log.report("plug-ins", problem)));
    }

    private static PullSecrets secrets(Settings settings, KubernetesClient client, CredentialProvider identity) {
        HelperCredentialProvider helpers = new HelperCredentialProvider(
                settings.credentialHelpers(),
                CredentialHelper.searchPath(System.getenv().getOrDefault("PATH", "")),
                Ticker.systemTicker(),
                problem -> LOG.log(Level.WARNING, "credential helper: {0}", problem));
        return new PullSecrets(
                client,
                new PullSecrets.Settings(
                        settings.readPullSecrets(), settings.globalPullSecret(), PullSecrets.Settings.DEFAULT.ttl()),
                identity,
                helpers);
    }

    /** A registry may have refused a secret that has changed since. */
    private static void forgetRefused(AdmissionEvent event, PullSecrets secrets) {
        boolean refused = event.policy().stream()
                .flatMap(policyDecision -> policyDecision.assessment().findings().stream())
                .flatMap(finding -> finding.assessment().verdicts().values().stream())
                .anyMatch(verdict -> verdict.reason() == Reason.UNAUTHORIZED);
        if (refused) {
            secrets.forget(event.namespace());
        }
    }
}
