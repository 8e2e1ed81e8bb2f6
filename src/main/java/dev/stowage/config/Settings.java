package dev.stowage.config;

import dev.stowage.image.Repository;
import dev.stowage.kube.ObjectName;
import dev.stowage.node.NodeFacts;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.credentials.cloud.CloudSettings;
import dev.stowage.registry.credentials.plugin.PluginSpec;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.text.Glob;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.WorkloadSettings;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The configuration as the features take it: every value read, every combination checked.
 *
 * @param policy the policy
 * @param reviewBudget the largest workload that is checked
 * @param registries the settings of the registry client
 * @param cache the settings of the caches
 * @param defaultRegistry the registry of images whose name contains none
 * @param nodePools declared pools, as nodes
 * @param transientTaints keys of taints that controllers remove from new nodes, in addition to the well-known ones
 * @param readKarpenter whether Karpenter's NodePools are read
 * @param workloads custom kinds that contain pods, and placeholders for images
 * @param readPullSecrets whether pull secrets are read
 * @param globalPullSecret a pull secret for every namespace
 * @param credentialHelpers pattern of registries to the name of a credential helper
 * @param cloudCredentials the clouds whose registries are read with Stowage's own identity
 * @param credentialPlugins the kubelet's credential provider plug-ins
 * @param tls the settings of the serving certificate
 * @param unreported the namespaces without ImageReports
 * @param steering in which namespaces pods are bound to nodes that run their images, and how
 */
@RecordBuilder
public record Settings(
        PolicyConfig policy,
        ReviewBudget reviewBudget,
        RegistrySettings registries,
        CacheSettings cache,
        String defaultRegistry,
        List<NodeFacts> nodePools,
        List<Glob> transientTaints,
        boolean readKarpenter,
        WorkloadSettings workloads,
        boolean readPullSecrets,
        Optional<ObjectName> globalPullSecret,
        Map<String, String> credentialHelpers,
        CloudSettings cloudCredentials,
        List<PluginSpec> credentialPlugins,
        TlsSettings tls,
        List<Glob> unreported,
        SteeringSettings steering)
        implements SettingsBuilder.With {

    /** Where Stowage runs, which some defaults depend on. */
    public enum Place {
        /** In a cluster: a loopback address would be Stowage's own pod. */
        CLUSTER,
        /** On a workstation, or in a build. */
        LOCAL
    }

    public Settings {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(reviewBudget, "reviewBudget");
        Objects.requireNonNull(registries, "registries");
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        nodePools = List.copyOf(nodePools);
        transientTaints = List.copyOf(transientTaints);
        Objects.requireNonNull(workloads, "workloads");
        Objects.requireNonNull(globalPullSecret, "globalPullSecret");
        credentialHelpers = Map.copyOf(credentialHelpers);
        Objects.requireNonNull(cloudCredentials, "cloudCredentials");
        credentialPlugins = List.copyOf(credentialPlugins);
        Objects.requireNonNull(tls, "tls");
        unreported = List.copyOf(unreported);
        Objects.requireNonNull(steering, "steering");
    }

    /**
     * The settings of a configuration.
     *
     * @param source where the configuration comes from, for messages
     * @param environment the environment's variables, which name proxies
     * @throws InvalidConfigException when the proxies that the environment names, or the credential provider plug-ins, are not valid
     */
    public static Settings of(StowageConfig config, String source, Place place, Map<String, String> environment) {
        try {
            return SettingsFactory.create(config, place, environment);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(source, List.of(e.getMessage()));
        }
    }

    /** How objects are read with this configuration. */
    public static WorkloadSettings workloadsOf(StowageConfig config) {
        return SettingsFactory.workloads(config);
    }

    /** The namespaces without ImageReports, besides the control plane's and Stowage's own. */
    public static List<Glob> unreportedOf(StowageConfig config) {
        return SettingsFactory.unreported(config);
    }

    /** The policy. */
    public static PolicyConfig policyOf(StowageConfig config) {
        return SettingsFactory.policy(config.admission());
    }

    /** The defaults of the command line, with these settings of the registry client. */
    public static Settings local(RegistrySettings registries) {
        return new Settings(
                PolicyConfig.DEFAULT,
                ReviewBudget.DEFAULT,
                registries,
                CacheSettings.DEFAULT,
                Repository.DOCKER_HUB,
                List.of(),
                List.of(),
                true,
                WorkloadSettings.DEFAULT,
                true,
                Optional.empty(),
                Map.of(),
                CloudSettings.OFF,
                List.of(),
                TlsSettings.OF_THIS_PROCESS,
                List.of(),
                SteeringSettings.OFF);
    }
}
