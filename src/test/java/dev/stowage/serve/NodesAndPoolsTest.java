package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.NodeSource;
import dev.stowage.node.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NodesAndPoolsTest {

    private static final NodeFacts NODE = facts("node", false);
    private static final NodeFacts POOL = facts("pool", true);

    @Test
    void poolsCountInAClusterWithoutNodes() {
        NodeSource joined = new NodesAndPools(List::of, () -> List.of(POOL), namespace -> Optional.empty());

        assertThat(joined.nodes()).containsExactly(POOL);
    }

    @Test
    void theListIsTheSameUntilNodesOrPoolsChange() {
        AtomicReference<List<NodeFacts>> nodes = new AtomicReference<>(List.of(NODE));
        AtomicReference<List<NodeFacts>> pools = new AtomicReference<>(List.of(POOL));
        NodeSource joined = new NodesAndPools(nodes::get, pools::get, namespace -> Optional.empty());

        assertThat(joined.nodes()).containsExactly(NODE, POOL).isSameAs(joined.nodes());
        pools.set(List.of());
        assertThat(joined.nodes()).containsExactly(NODE);
        pools.set(List.of(POOL, facts("other", true)));
        assertThat(joined.nodes()).hasSize(3);
        nodes.set(List.of());
        assertThat(joined.nodes()).hasSize(2);
    }

    private static NodeFacts facts(String name, boolean declared) {
        return new NodeFacts(name, declared, Optional.empty(), Map.of(), List.of());
    }
}
