package dev.stowage.report.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.SchedulingRules;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.ObservedWorkload.Owner;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageIndexTest {

    private static final ImageKey WEB = new ImageKey("shop", "docker.io/shop/web:1");

    private final List<ImageKey> told = new ArrayList<>();
    private final UsageIndex index = new UsageIndex("docker.io", told::add);

    private static ObservedWorkload observed(
            String kind, String name, Owner owner, boolean ended, SchedulingRules rules, String... images) {
        List<ImageUse> uses = new ArrayList<>();
        for (String image : images) {
            uses.add(new ImageUse(ImageUse.Role.MAIN, "c" + uses.size(), image, false));
        }
        Workload workload = new Workload(
                kind,
                "shop",
                name,
                uses,
                rules,
                List.of(),
                "default",
                Optional.empty(),
                !kind.equals("Pod"),
                owner != null,
                false);
        return new ObservedWorkload(
                List.of(workload),
                kind.equals("Pod") ? "v1" : "apps/v1",
                "uid-" + name,
                Optional.ofNullable(owner),
                ended);
    }

    private static ObservedWorkload observed(String kind, String name, Owner owner, String... images) {
        return observed(kind, name, owner, false, SchedulingRules.NONE, images);
    }

    private List<String> users(ImageKey key) {
        return index.usage(key).users().stream()
                .map(user -> user.kind() + "/" + user.name() + "/" + user.container())
                .toList();
    }

    @Test
    void podsCountForTheWorkloadAtTheTopOfTheirChain() {
        index.changed(null, observed("Deployment", "web", null, "shop/web:1"));
        index.changed(null, observed("ReplicaSet", "web-5d", new Owner("Deployment", "web"), "shop/web:1"));
        index.changed(null, observed("Pod", "web-5d-a", new Owner("ReplicaSet", "web-5d"), "shop/web:1", "mesh:2"));

        assertThat(users(WEB)).containsExactly("Deployment/web/c0");
        assertThat(users(index.keyOf("shop", "mesh:2"))).containsExactly("Deployment/web/c1");
        assertThat(index.usage(WEB).users().get(0).uid()).isEqualTo("uid-web");
    }

    @Test
    void eachPodTemplateOfAnObjectCountsWithItsOwnRules() {
        SchedulingRules arm = SchedulingRules.NONE.withNodeSelector(Map.of("kubernetes.io/arch", "arm64"));
        Workload leader =
                observed("JobSet", "train", null, "shop/web:1", "shop/api:1").any();
        Workload worker = leader.withScheduling(arm).withImages(leader.images().subList(0, 1));
        ObservedWorkload set = new ObservedWorkload(
                List.of(leader, worker), "jobset.x-k8s.io/v1alpha2", "uid-train", Optional.empty(), false);

        index.changed(null, set);

        assertThat(index.usage(WEB).rules()).containsExactlyInAnyOrder(SchedulingRules.NONE, arm);
        assertThat(index.usage(index.keyOf("shop", "shop/api:1")).rules()).containsExactly(SchedulingRules.NONE);
        assertThat(users(WEB)).containsOnly("JobSet/train/c0");

        index.changed(set, null);
        assertThat(index.keys()).isEmpty();
    }

    @Test
    void theComingAndGoingOfPodsTellsNobodyAnything() {
        index.changed(null, observed("ReplicaSet", "web-5d", new Owner("Deployment", "web"), "shop/web:1"));
        ObservedWorkload first = observed("Pod", "web-5d-a", new Owner("ReplicaSet", "web-5d"), "shop/web:1");
        ObservedWorkload second = observed("Pod", "web-5d-b", new Owner("ReplicaSet", "web-5d"), "shop/web:1");
        index.changed(null, first);
        told.clear();

        index.changed(null, second);
        index.changed(first, null);
        assertThat(told).isEmpty();

        index.changed(second, null);
        assertThat(told).containsExactly(WEB);
        assertThat(index.keys()).isEmpty();
    }

    @Test
    void oldReplicaSetsAndEndedPodsUseNothing() {
        index.changed(null, observed("ReplicaSet", "web-old", new Owner("Deployment", "web"), "shop/web:1"));
        index.changed(null, observed("Pod", "once", null, true, SchedulingRules.NONE, "shop/web:1"));

        assertThat(index.keys()).isEmpty();
    }

    @Test
    void aMakerThatIsNotWatchedIsNamedAllTheSame() {
        SchedulingRules arm = new SchedulingRules(
                Optional.empty(),
                Map.of("kubernetes.io/arch", "arm64"),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                false);
        index.changed(null, observed("Pod", "web-0", new Owner("CloneSet", "web"), false, arm, "shop/web:1"));

        assertThat(users(WEB)).containsExactly("CloneSet/web/c0");
        assertThat(index.usage(WEB).rules()).containsExactly(arm);
    }

    @Test
    void theTemplateSaysWherePodsMayRun() {
        SchedulingRules pinned = new SchedulingRules(
                Optional.empty(), Map.of("disk", "fast"), Optional.empty(), List.of(), Optional.empty(), false, false);
        index.changed(null, observed("Pod", "web-a", new Owner("DaemonSet", "web"), "shop/web:1"));
        index.changed(null, observed("DaemonSet", "web", null, false, pinned, "shop/web:1"));

        assertThat(index.usage(WEB).rules()).containsExactly(pinned);
    }

    @Test
    void oneImageIsOneHoweverItIsWritten() {
        index.changed(null, observed("Deployment", "a", null, "nginx"));
        index.changed(null, observed("Deployment", "b", null, "docker.io/library/nginx:latest"));

        assertThat(index.keys()).hasSize(1);
        assertThat(users(index.keys().get(0))).containsExactly("Deployment/a/c0", "Deployment/b/c0");
    }

    @Test
    void whatNobodyCouldPullHasNoReport() {
        index.changed(null, observed("Deployment", "a", null, "", "two words", "x".repeat(2_000)));

        assertThat(index.keys()).isEmpty();
    }

    @Test
    void aBarePodThatOptsOutLaterIsShownWithItsMode() {
        ObservedWorkload before = observed("Pod", "web", null, "shop/web:1");
        ObservedWorkload after = new ObservedWorkload(
                List.of(before.any().withModeAnnotation(Optional.of("off"))),
                before.apiVersion(),
                before.uid(),
                before.owner(),
                false);
        index.changed(null, before);
        told.clear();

        index.changed(before, after);

        assertThat(told).containsExactly(WEB);
        assertThat(index.usage(WEB).users())
                .extracting(user -> user.pods().modeAnnotation())
                .containsExactly(Optional.of("off"));
        assertThat(index.usage(WEB).withoutModes().users())
                .extracting(user -> user.pods().modeAnnotation())
                .containsExactly(Optional.empty());
    }
}
