package dev.stowage.cli.engine;

import dev.stowage.node.NodeFacts;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.text.Glob;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.WorkloadSettings;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The engine as commands use it.
 *
 * @param registry what registries contain, as they send it
 * @param resolver resolves references
 * @param keyring the credentials of the current user
 * @param defaultRegistry the registry of images whose name contains none
 * @param workloads custom kinds that contain pods, and placeholders for images
 * @param nodePools the node pools that the configuration declares
 * @param transientTaints keys of taints that controllers remove from new nodes
 * @param readKarpenter whether the NodePools of Karpenter are read
 * @param reviewBudget the largest workload that is checked
 * @param policy the policy of the webhook
 * @param unreported the namespaces without ImageReports
 * @param registries the settings of the registry client
 */
public record LocalEngine(
        Registry registry,
        ImageResolver resolver,
        Keyring keyring,
        String defaultRegistry,
        WorkloadSettings workloads,
        List<NodeFacts> nodePools,
        List<Glob> transientTaints,
        boolean readKarpenter,
        ReviewBudget reviewBudget,
        PolicyConfig policy,
        List<Glob> unreported,
        RegistrySettings registries) {
    public LocalEngine {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(keyring, "keyring");
        Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        Objects.requireNonNull(workloads, "workloads");
        nodePools = List.copyOf(nodePools);
        transientTaints = List.copyOf(transientTaints);
        Objects.requireNonNull(reviewBudget, "reviewBudget");
        Objects.requireNonNull(policy, "policy");
        unreported = List.copyOf(unreported);
        Objects.requireNonNull(registries, "registries");
    }

    /**
     * Assesses images.
     *
     * @param resolved is notified of each image that was resolved, before its assessment is complete; from any thread
     */
    public Assessor assessor(Consumer<ResolvedImage> resolved) {
        return new EngineAssessor(defaultRegistry, resolver, new Judge(), resolved);
    }
}
