package dev.stowage.config;

import dev.stowage.config.AdmissionConfig.ExemptionsConfig;
import dev.stowage.config.Settings.Place;
import dev.stowage.kube.ObjectName;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.TrustedAuthorities;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.credentials.cloud.CloudSettings;
import dev.stowage.registry.credentials.plugin.PluginConfigReader;
import dev.stowage.registry.credentials.plugin.PluginSpec;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Proxies;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.text.Glob;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.WorkloadSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Builds the features' records from a configuration, whose values are typed and checked already. */
final class SettingsFactory {

    private static final String IN_A_CLUSTER = "KUBERNETES_SERVICE_HOST";

    private SettingsFactory() {}

    static Settings create(StowageConfig config, Place place, Map<String, String> environment) {
        return new Settings(
                policy(config.admission()),
                budget(config.admission().reviewBudget()),
                registries(config, place, environment),
                cache(config.cache()),
                config.defaultRegistry(),
                config.nodePools().stream().map(SettingsFactory::nodes).toList(),
                config.transientTaints().orElse(List.of()),
                config.karpenter() == StowageConfig.Karpenter.AUTO,
                workloads(config),
                config.pullSecrets().enabled(),
                config.pullSecrets().global(),
                config.credentialHelpers(),
                cloud(config.cloudCredentials(), place == Place.CLUSTER && environment.containsKey(IN_A_CLUSTER)),
                credentialPlugins(config.credentialProviders(), place),
                tls(config.tls(), environment),
                unreported(config),
                steering(config.steering()));
    }

    static List<Glob> unreported(StowageConfig config) {
        return Stream.of(
                        config.admission().exemptions().namespaces(),
                        config.reports().excludedNamespaces())
                .flatMap(configured -> configured.orElse(List.of()).stream())
                .toList();
    }

    static PolicyConfig policy(AdmissionConfig config) {
        ExemptionsConfig exemptions = config.exemptions();
        return new PolicyConfig(
                config.mode(),
                config.placement(),
                config.ownedPodPlacement(),
                config.onUnresolved(),
                config.onNotFound(),
                config.onUncertain(),
                config.verify(),
                config.admissionDeadline(),
                new Exemptions(
                        exemptions.images().orElse(List.of()),
                        exemptions.users().orElse(List.of()),
                        exemptions.groups().orElse(List.of()),
                        exemptions.serviceAccounts().orElse(List.of()),
                        exemptions.namespaces().orElse(List.of())),
                config.workloadOptOut());
    }

    private static ReviewBudget budget(ReviewBudgetConfig config) {
        return new ReviewBudget(config.containers(), config.selectorValues(), config.images(), config.registryHosts());
    }

    private static RegistrySettings registries(StowageConfig config, Place place, Map<String, String> environment) {
        AddressesConfig addresses = config.addresses();
        return new RegistrySettings(
                config.registries().entrySet().stream()
                        .map(entry -> rule(entry.getKey(), entry.getValue()))
                        .toList(),
                RegistrySettings.DEFAULT.userAgent(),
                RegistrySettings.DEFAULT.connectTimeout(),
                RegistrySettings.DEFAULT.requestTimeout(),
                RegistrySettings.DEFAULT.maxInFlight(),
                new AddressPolicy(
                        addresses.allowLoopback().orElse(place == Place.LOCAL),
                        addresses.allowPrivateNetworks(),
                        addresses.allowedCidrs().orElse(List.of()),
                        addresses.deniedCidrs().orElse(List.of())),
                Proxies.from(environment),
                config.trustedCa().map(SettingsFactory::trusted).orElse(TrustedAuthorities.NONE));
    }

    private static TrustedAuthorities trusted(Certificates certificates) {
        return certificates
                .file()
                .<TrustedAuthorities>map(
                        file -> new WatchedAuthorities("trustedCa", file, certificates.all(), System::nanoTime))
                .orElseGet(() -> TrustedAuthorities.of(certificates.all()));
    }

    private static RegistryRule rule(String host, RegistryConfig config) {
        return new RegistryRule(
                host,
                config.mirrors().orElse(List.of()),
                config.insecure(),
                config.ca().map(Certificates::all).orElse(List.of()),
                config.timeout(),
                config.blocked(),
                config.maxRequestsPerSecond().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                config.maxConcurrentRequests().map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    /** The paths are those of the pod, so the command line does not read them. */
    private static List<PluginSpec> credentialPlugins(CredentialProvidersConfig config, Place place) {
        if (config.config().isPresent() != config.binDir().isPresent()) {
            throw new IllegalArgumentException("credentialProviders needs both, config and binDir");
        }
        if (config.config().isEmpty() || place == Place.LOCAL) {
            return List.of();
        }
        try {
            return PluginConfigReader.read(
                    config.config().get(), config.binDir().get());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("credentialProviders: " + e.getMessage(), e);
        }
    }

    private static CacheSettings cache(CacheConfig config) {
        CacheSettings defaults = CacheSettings.DEFAULT;
        Duration contentTtl = Collections.max(List.of(defaults.contentTtl(), config.tagTtl(), config.staleIfError()));
        return new CacheSettings(
                config.maxSize().asLongValue(),
                defaults.proofBytes(),
                defaults.tagBytes(),
                defaults.failureBytes(),
                contentTtl,
                config.tagTtl(),
                config.staleIfError(),
                config.negativeTtl(),
                config.errorTtl(),
                defaults.longestPause(),
                defaults.patience());
    }

    private static NodeFacts nodes(NodePoolConfig pool) {
        return new NodeFacts(
                        pool.name(),
                        true,
                        Optional.of(new NodeProfile(
                                pool.platform(), pool.runtime(), pool.emulates().orElse(List.of()))),
                        pool.labels(),
                        pool.taints().stream()
                                .map(taint ->
                                        new Taint(taint.key(), taint.value().orElse(""), taint.effect()))
                                .toList())
                .withResources(new LinkedHashSet<>(pool.resources().orElse(List.of())));
    }

    private static SteeringSettings steering(SteeringConfig config) {
        return new SteeringSettings(
                config.mode(),
                config.preferences().stream()
                        .map(preference -> new SteeringSettings.Preference(preference.platform(), preference.weight()))
                        .toList(),
                config.tolerations().stream()
                        .map(toleration -> new SteeringSettings.PlatformToleration(
                                toleration.platform(),
                                new Toleration(
                                        toleration.key(),
                                        toleration.value().isPresent() ? "Equal" : "Exists",
                                        toleration.value().orElse(""),
                                        toleration.effect())))
                        .toList());
    }

    private static CloudSettings cloud(CloudCredentialsConfig config, boolean usual) {
        return new CloudSettings(uses(config.aws(), usual), uses(config.google(), usual), uses(config.azure(), usual));
    }

    private static boolean uses(Optional<CloudCredentialsConfig.Use> use, boolean usual) {
        return use.map(said -> said == CloudCredentialsConfig.Use.AUTO).orElse(usual);
    }

    static WorkloadSettings workloads(StowageConfig config) {
        return new WorkloadSettings(
                config.customKinds().stream().map(SettingsFactory::customKind).toList(),
                config.placeholderImages().orElse(List.of()),
                config.admission().workloadOptOut());
    }

    private static CustomKind customKind(CustomKindConfig config) {
        return new CustomKind(
                config.group(),
                config.version(),
                config.kind(),
                config.podSpecPath().orElse(""));
    }

    private static TlsSettings tls(TlsConfig config, Map<String, String> environment) {
        boolean foreign = config.secret().indexOf('/') >= 0;
        Optional<ObjectName> secret =
                Optional.of(config.secret()).filter(text -> foreign).map(ObjectName::parse);
        TlsSettings.Mode mode = config.mode().orElseGet(() -> usualMode(config, environment));
        return new TlsSettings(
                mode,
                secret.map(ObjectName::namespace),
                secret.map(ObjectName::name).orElse(config.secret()),
                config.webhook(),
                config.service(),
                config.subjectAltNames().orElse(List.of()),
                config.certificateFile(),
                config.keyFile(),
                config.secretPath().orElse(mode == TlsSettings.Mode.MANAGED),
                config.clientCa().map(Certificates::all).orElse(List.of()));
    }

    /** Files where they are given; else in a cluster the Secret, because replicas have to share. */
    private static TlsSettings.Mode usualMode(TlsConfig config, Map<String, String> environment) {
        if (config.certificateFile().isPresent() || config.keyFile().isPresent()) {
            return TlsSettings.Mode.FILES;
        }
        return environment.containsKey(IN_A_CLUSTER) ? TlsSettings.Mode.MANAGED : TlsSettings.Mode.SELF;
    }
}
