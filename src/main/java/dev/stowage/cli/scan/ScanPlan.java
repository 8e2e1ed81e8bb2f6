package dev.stowage.cli.scan;

import dev.stowage.admission.NodeSource;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.cli.check.PlatformPools;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.report.EligibleProfiles;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** For which platforms each image is checked, and what its report would say. */
final class ScanPlan {

    private final List<String> platforms;
    private final BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible;
    private final Set<NodeProfile> otherwise;
    private final StatusFactory statuses = new StatusFactory();

    /** @param otherwise the profiles for images whose pods may run on no known node; none if they are not read at all */
    private ScanPlan(
            Collection<String> platforms,
            BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible,
            Set<NodeProfile> otherwise) {
        this.platforms = List.copyOf(platforms);
        this.eligible = eligible;
        this.otherwise = otherwise;
    }

    /**
     * Checks for the nodes of the cluster, as the operator does.
     *
     * @param stated the platforms that namespaces state for their pods
     */
    static ScanPlan ofCluster(List<NodeFacts> nodes, Map<String, String> stated) {
        Set<String> platforms = new TreeSet<>();
        nodes.forEach(node -> node.profile()
                .ifPresent(profile -> platforms.add(profile.platform().toString())));
        EligibleProfiles profiles = new EligibleProfiles(new NodeSource() {
            @Override
            public Collection<NodeFacts> nodes() {
                return nodes;
            }

            @Override
            public Optional<String> platformsOf(String namespace) {
                return Optional.ofNullable(stated.get(namespace));
            }
        });
        return new ScanPlan(platforms, profiles::profiles, WorkloadAssessor.DEFAULT_PROFILES);
    }

    /** Checks for these platforms, as far as the rules of the pods allow them there. */
    static ScanPlan ofPlatforms(Collection<Platform> platforms, RuntimeFamily runtime) {
        List<NodeFacts> pools = PlatformPools.of(new LinkedHashSet<>(platforms), runtime);
        Set<NodeProfile> all = new LinkedHashSet<>();
        pools.forEach(pool -> pool.profile().ifPresent(all::add));
        Set<String> names = new LinkedHashSet<>();
        all.forEach(profile -> names.add(profile.platform().toString()));
        return new ScanPlan(
                names,
                (namespace, rules) -> {
                    Set<NodeProfile> profiles = new LinkedHashSet<>();
                    rules.forEach(one -> profiles.addAll(EligibleNodes.of(PlatformPools.answerable(one), pools)
                            .byProfile()
                            .keySet()));
                    profiles.retainAll(all);
                    return profiles;
                },
                Set.of());
    }

    /** The platforms that images are checked for. */
    List<String> platforms() {
        return platforms;
    }

    /** The profiles to read an image for; none if it need not be read. */
    Set<NodeProfile> toRead(ImageKey key, ImageUsage usage) {
        if (usage.neverPulled()) {
            return Set.of();
        }
        Set<NodeProfile> profiles = profiles(key, usage);
        return profiles.isEmpty() ? otherwise : profiles;
    }

    private Set<NodeProfile> profiles(ImageKey key, ImageUsage usage) {
        return eligible.apply(key.namespace(), usage.rules());
    }

    /**
     * The row of an image.
     *
     * @param found what is known of the image; empty if it was not read
     */
    ScanRow row(Inventory inventory, ImageKey key, Optional<ImageAssessment> found, Instant now) {
        ImageUsage usage = inventory.usage(key);
        String image = inventory.asWritten(key);
        Set<NodeProfile> profiles = profiles(key, usage);
        boolean nodesKnown = !profiles.isEmpty();
        Set<NodeProfile> checked = nodesKnown ? profiles : WorkloadAssessor.DEFAULT_PROFILES;
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        found.ifPresent(assessment -> checked.stream()
                .filter(assessment.verdicts()::containsKey)
                .forEach(profile -> verdicts.put(profile, assessment.verdictOn(profile))));
        ImageScan scan = found.map(assessment -> new ImageScan(
                        new ImageAssessment(image, assessment.contents(), verdicts),
                        ImageScan.Scope.FULL,
                        usage.purpose()))
                .orElseGet(() -> notRead(image, checked, usage));
        ImageReportStatus status = statuses.next(
                new ReconcileInput(null, Optional.empty(), usage, checked, nodesKnown, Optional.of(scan)), now);
        return new ScanRow(key, image, status, nodesKnown ? verdicts : Map.of(), inventory.requests(key));
    }

    private static ImageScan notRead(String image, Set<NodeProfile> profiles, ImageUsage usage) {
        if (usage.neverPulled()) {
            return ImageScan.undetermined(
                    image,
                    profiles,
                    Reason.NEVER_PULLED,
                    "imagePullPolicy is Never: what the node has decides, not the registry");
        }
        Map<NodeProfile, Verdict> nothing = new LinkedHashMap<>();
        profiles.forEach(profile -> nothing.put(profile, new Verdict.Runs(List.of())));
        return new ImageScan(
                new ImageAssessment(image, ImageContents.UNKNOWN, nothing), ImageScan.Scope.FULL, usage.purpose());
    }
}
