package dev.stowage.config;

import dev.stowage.config.Converters.HostPattern;
import dev.stowage.config.Converters.RegistryName;
import dev.stowage.text.Glob;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMapping.NamingStrategy;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of Stowage's configuration, as it stands below {@code stowage:} in the configuration file and below {@code config:}
 * in the Helm values. docs/configuration.md describes each; a test compares the two.
 */
@ConfigMapping(prefix = StowageConfig.PREFIX, namingStrategy = NamingStrategy.VERBATIM)
public interface StowageConfig {

    /** The prefix of every key in the file. */
    String PREFIX = "stowage";

    /** The policy; its keys are at the top level. */
    @WithParentName
    AdmissionConfig admission();

    /** The registry of image names without one. */
    @WithDefault("docker.io")
    @WithConverter(RegistryName.class)
    String defaultRegistry();

    /** Nodes that an autoscaler could add. */
    List<NodePoolConfig> nodePools();

    /** Keys of taints that controllers remove from new nodes, in addition to the well-known ones. */
    Optional<List<Glob>> transientTaints();

    /** Whether Karpenter's NodePools are read as node pools, where Karpenter is installed. */
    @WithDefault("auto")
    Karpenter karpenter();

    /** Whether Karpenter's NodePools are read. */
    enum Karpenter {
        /** Where Karpenter is installed. */
        AUTO,
        /** Never. */
        OFF
    }

    /** Kinds beyond Kubernetes' own whose pods are checked. */
    List<CustomKindConfig> customKinds();

    /** Images of templates that a controller replaces in their pods, as they are written or by glob. */
    Optional<List<Glob>> placeholderImages();

    /**
     * Certificates of authorities to trust for all registries, mirrors, token services and blob storage, in addition to the usual ones:
     * PEM, or the path of a PEM file, which is read again when it changes.
     */
    Optional<Certificates> trustedCa();

    /** Settings by registry host ({@code host:port} where it has a port) or glob ({@code *.example.com}). */
    Map<@WithConverter(HostPattern.class) String, RegistryConfig> registries();

    /** The addresses that registries may have. */
    AddressesConfig addresses();

    /** The caches. */
    CacheConfig cache();

    /** Steering: pods are bound to nodes that run their images. */
    SteeringConfig steering();

    /** Pull secrets. */
    PullSecretsConfig pullSecrets();

    /** ImageReports. */
    ReportsConfig reports();

    /** Metrics. */
    MetricsConfig metrics();

    /** Docker credential helpers by registry host or glob: {@code "*.dkr.ecr.*.amazonaws.com": ecr-login}. */
    Map<String, String> credentialHelpers();

    /** The registries of clouds, read with the identity of Stowage's own pod. */
    CloudCredentialsConfig cloudCredentials();

    /** The kubelet's credential provider plug-ins. */
    CredentialProvidersConfig credentialProviders();

    /** The server of the webhook. */
    ServerConfig server();

    /** The serving certificate of the webhook. */
    TlsConfig tls();
}
