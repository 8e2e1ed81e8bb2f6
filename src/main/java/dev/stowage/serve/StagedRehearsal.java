package dev.stowage.serve;

import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.DenialLog;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.NodeSource;
import dev.stowage.config.Settings;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.AddressPolicy;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.registry.cache.CacheSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A rehearsal on a stage: a second webhook of the same parts on the same cluster, which has meters, caches and a registry client of
 * its own, and asks registries that this process plays.
 */
final class StagedRehearsal implements Rehearsal {

    private static final long PATIENCE_SECONDS = 10;

    private final RehearsalRegistry registry;
    private final MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConfiguredReviews reviews;
    private final RehearsalScript script;

    private StagedRehearsal(
            RehearsalRegistry registry,
            Settings settings,
            ConfiguredReviews.Surroundings surroundings,
            String namespace) {
        this.registry = registry;
        this.reviews = new ConfiguredReviews(of(settings, registry), of(surroundings));
        String tls = registry.tlsAddress() + "/";
        String plain = registry.plainAddress() + "/";
        this.script = new RehearsalScript(
                namespace,
                List.of(
                        tls + RehearsalRegistry.INDEX,
                        plain + RehearsalRegistry.SINGLE,
                        plain + RehearsalRegistry.INDEX,
                        tls + RehearsalRegistry.SINGLE),
                tls + RehearsalRegistry.ELSEWHERE,
                tls + RehearsalRegistry.ABSENT);
    }

    /**
     * Sets it up; blocks for a moment.
     *
     * @param settings what holds for the webhook
     * @param surroundings what surrounds the webhook
     * @param namespace where the pull credentials of reviews are read: one that exists
     * @throws Exception when the loopback interface gives no port
     */
    static StagedRehearsal start(
            Vertx vertx, Settings settings, ConfiguredReviews.Surroundings surroundings, String namespace)
            throws Exception {
        RehearsalRegistry registry = RehearsalRegistry.start(vertx)
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new StagedRehearsal(registry, settings, surroundings, namespace);
    }

    @Override
    public ReviewHandler reviews() {
        return reviews;
    }

    @Override
    public byte[] review(int number) {
        return script.review(number);
    }

    @Override
    public void close() {
        reviews.close();
        registry.close();
        meters.close();
    }

    /** Exemptions and modes would cut it short, and the configured registries are nobody's to rehearse with. */
    private static Settings of(Settings settings, RehearsalRegistry registry) {
        RegistryRule trusting =
                RegistryRule.of(registry.tlsAddress()).withInsecure(false).withTrusted(List.of(registry.authority()));
        return new Settings(
                PolicyConfig.DEFAULT,
                RegistrySettings.DEFAULT.withAddresses(AddressPolicy.DESK).withRules(trusting),
                CacheSettings.DEFAULT,
                settings.defaultRegistry(),
                settings.nodePools(),
                settings.customKinds(),
                settings.readPullSecrets(),
                settings.globalPullSecret(),
                Map.of(),
                settings.tls());
    }

    private ConfiguredReviews.Surroundings of(ConfiguredReviews.Surroundings real) {
        AdmissionMetrics metrics = new AdmissionMetrics(meters, List.of());
        DenialLog unsaid = new DenialLog(line -> {});
        return new ConfiguredReviews.Surroundings(
                real.client(),
                orMadeUp(real.nodes()),
                NamespaceModes.NONE,
                real.templateDefaults(),
                new RegistryMetrics(meters),
                new CacheMetrics(meters),
                outcome -> {
                    metrics.answered(outcome);
                    unsaid.answered(outcome);
                });
    }

    private static NodeSource orMadeUp(NodeSource real) {
        List<NodeFacts> madeUp = List.of(new NodeFacts(
                "rehearsal",
                false,
                Optional.of(NodeProfile.of(Platform.of("linux", "amd64"))),
                Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64"),
                List.of()));
        return () -> real.nodes().isEmpty() ? madeUp : real.nodes();
    }
}
