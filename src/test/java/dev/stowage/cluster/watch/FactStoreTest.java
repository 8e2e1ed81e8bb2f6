package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.NodeFacts;
import io.fabric8.kubernetes.api.model.ContainerImageBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FactStoreTest {

    private final FactStore<Node, NodeFacts> store = new FactStore<>(
            NodeReader::read,
            metadata -> new NodeBuilder().withMetadata(metadata).build());

    @Test
    @DisplayName("of an object only what an informer compares is kept, next to the facts")
    void keepsLittle() {
        store.put("a", node("a", "1", "amd64"));
        Node kept = store.get("a");
        assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("1");
        assertThat(kept.getStatus()).isNull();
        assertThat(kept.getMetadata().getLabels()).isEmpty();
        assertThat(store.factsOf("a").labels()).containsEntry("kubernetes.io/arch", "amd64");
        assertThat(store.factsOf("b")).isNull();
    }

    @Test
    @DisplayName("a change that is not one of facts leaves the version alone, but is remembered as seen")
    void heartbeat() {
        store.put("a", node("a", "1", "amd64"));
        long version = store.version();
        assertThat(store.put("a", node("a", "2", "amd64")).getMetadata().getResourceVersion())
                .isEqualTo("1");
        assertThat(store.version()).isEqualTo(version);
        assertThat(store.get("a").getMetadata().getResourceVersion()).isEqualTo("2");
    }

    @Test
    @DisplayName("new, changed and removed facts count")
    void counts() {
        assertThat(store.put("a", node("a", "1", "amd64"))).isNull();
        assertThat(store.version()).isEqualTo(1);
        store.put("a", node("a", "2", "arm64"));
        assertThat(store.version()).isEqualTo(2);
        assertThat(store.remove("a")).isNotNull();
        assertThat(store.remove("a")).isNull();
        assertThat(store.version()).isEqualTo(3);
        assertThat(store.size()).isZero();
        assertThat(store.facts()).isEmpty();
    }

    private static Node node(String name, String resourceVersion, String architecture) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withResourceVersion(resourceVersion)
                .addToLabels("kubernetes.io/arch", architecture)
                .endMetadata()
                .withNewStatus()
                .addToImages(new ContainerImageBuilder()
                        .withNames("r.example/large:" + resourceVersion)
                        .build())
                .endStatus()
                .build();
    }
}
