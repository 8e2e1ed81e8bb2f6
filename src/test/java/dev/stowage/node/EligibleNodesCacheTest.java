package dev.stowage.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.FakeCluster;
import java.util.Collection;
import org.junit.jupiter.api.Test;

class EligibleNodesCacheTest {

    private final EligibleNodesCache whereabouts = new EligibleNodesCache();

    @Test
    void theSameRulesAreComputedOnceForASnapshot() {
        Collection<NodeFacts> nodes =
                new FakeCluster().node("amd", "linux/amd64").nodes();

        EligibleNodes first = whereabouts.of(SchedulingRules.NONE, nodes);

        assertThat(whereabouts.of(SchedulingRules.NONE, nodes)).isSameAs(first);
        assertThat(first).isEqualTo(EligibleNodes.of(SchedulingRules.NONE, nodes));
    }

    @Test
    void otherNodesAreComputedAnew() {
        FakeCluster cluster = new FakeCluster().node("amd", "linux/amd64");
        whereabouts.of(SchedulingRules.NONE, cluster.nodes());

        EligibleNodes now = whereabouts.of(
                SchedulingRules.NONE, cluster.node("arm", "linux/arm64").nodes());

        assertThat(now.byProfile()).hasSize(2);
    }
}
