package dev.stowage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * More nodes never make {@code placement: All} laxer, nor {@code Any} stricter, whatever the verdicts. That is of nodes next to others: where
 * no node fits, a pod is checked by what it pins, and the first node that fits may well run what the pinned platform would not.
 */
class PlacementPropertyTest {

    private static final List<NodeProfile> PROFILES = List.of(
            NodeProfile.of(Platform.of("linux", "amd64")),
            NodeProfile.of(Platform.of("linux", "arm64")),
            new NodeProfile(Platform.of("linux", "arm64"), RuntimeFamily.CRIO),
            NodeProfile.of(Platform.of("windows", "amd64")));

    /** Verdicts of one image; that it does not exist is so for all profiles or for none. */
    record Verdicts(Map<NodeProfile, Verdict> byProfile) {}

    @Property
    void moreNodesNeverMakeAllLaxer(
            @ForAll("images") List<Verdicts> images,
            @ForAll("profiles") Set<NodeProfile> some,
            @ForAll("profiles") Set<NodeProfile> more,
            @ForAll("actions") Action onUnresolved,
            @ForAll("actions") Action onNotFound) {
        PolicyConfig config = config(Placement.ALL, onUnresolved, onNotFound);
        PolicyDecision before = rule(images, some, config);
        PolicyDecision after = rule(images, union(some, more), config);

        for (int i = 0; i < images.size(); i++) {
            assertThat(refused(after, i)).isGreaterThanOrEqualTo(refused(before, i));
        }
    }

    @Property
    void moreNodesNeverMakeAnyStricterOnImagesThatDoNotRun(
            @ForAll("images") List<Verdicts> images,
            @ForAll("profiles") Set<NodeProfile> some,
            @ForAll("profiles") Set<NodeProfile> more) {
        PolicyConfig config = config(Placement.ANY, Action.WARN, Action.WARN);
        PolicyDecision before = rule(images, some, config);
        PolicyDecision after = rule(images, union(some, more), config);

        assertThat(before.deniedImages().isEmpty() && !after.deniedImages().isEmpty())
                .isFalse();
    }

    @Property
    void anyIsNeverStricterThanAll(
            @ForAll("images") List<Verdicts> images, @ForAll("profiles") Set<NodeProfile> profiles) {
        PolicyDecision all = rule(images, profiles, config(Placement.ALL, Action.WARN, Action.WARN));
        PolicyDecision any = rule(images, profiles, config(Placement.ANY, Action.WARN, Action.WARN));

        assertThat(all.deniedImages().isEmpty() && !any.deniedImages().isEmpty())
                .isFalse();
    }

    private static int refused(PolicyDecision policyDecision, int image) {
        return policyDecision.decisions().get(image).action() == Action.DENY ? 1 : 0;
    }

    private static PolicyDecision rule(List<Verdicts> images, Set<NodeProfile> profiles, PolicyConfig config) {
        Map<NodeProfile, List<NodeFacts>> nodes = new LinkedHashMap<>();
        profiles.forEach(profile -> nodes.put(
                profile, List.of(new NodeFacts("n" + nodes.size(), false, Optional.of(profile), Map.of(), List.of()))));
        List<ImageFinding> findings = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Map<NodeProfile, Verdict> verdicts =
                    new LinkedHashMap<>(images.get(i).byProfile());
            verdicts.keySet().retainAll(profiles);
            String image = "r.example/app:" + i;
            findings.add(new ImageFinding(
                    new ImageUse(ImageUse.Role.MAIN, "c" + i, image, false),
                    new ImageAssessment(image, ImageContents.UNKNOWN, verdicts)));
        }
        Workload workload = new Workload(
                "Pod",
                "shop",
                "web",
                findings.stream().map(ImageFinding::use).toList(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                false,
                false,
                false);
        return PolicyDecision.of(
                new WorkloadAssessment(workload, new EligibleNodes(Basis.NODES, nodes), findings), config);
    }

    private static PolicyConfig config(Placement placement, Action onUnresolved, Action onNotFound) {
        return new PolicyConfig(
                Mode.ENFORCE,
                placement,
                placement,
                onUnresolved,
                onNotFound,
                Action.WARN,
                Verification.INDEX,
                Duration.ofSeconds(5),
                Exemptions.NONE);
    }

    private static Set<NodeProfile> union(Set<NodeProfile> some, Set<NodeProfile> more) {
        Set<NodeProfile> union = new LinkedHashSet<>(some);
        union.addAll(more);
        return union;
    }

    @Provide
    Arbitrary<Set<NodeProfile>> profiles() {
        return Arbitraries.of(PROFILES).set().ofMinSize(1);
    }

    @Provide
    Arbitrary<Action> actions() {
        return Arbitraries.of(Action.values());
    }

    @Provide
    Arbitrary<List<Verdicts>> images() {
        Verdict missing = new Verdict.DoesNotRun(Reason.NOT_FOUND, "does not exist");
        Arbitrary<Verdict> verdicts = Arbitraries.of(
                new Verdict.Runs(List.of()),
                new Verdict.Runs(List.of("may not")),
                new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "lacks it"),
                new Verdict.Undetermined(Reason.TIMEOUT, "is slow"),
                new Verdict.Undetermined(Reason.NEVER_PULLED, "is never pulled"));
        Arbitrary<Verdicts> some = Combinators.combine(
                        verdicts.list().ofSize(PROFILES.size()),
                        Arbitraries.integers().between(0, 9))
                .as((each, dice) -> {
                    Map<NodeProfile, Verdict> byProfile = new LinkedHashMap<>();
                    for (int i = 0; i < PROFILES.size(); i++) {
                        byProfile.put(PROFILES.get(i), dice == 0 ? missing : each.get(i));
                    }
                    return new Verdicts(byProfile);
                });
        return some.list().ofMinSize(1).ofMaxSize(3);
    }
}
