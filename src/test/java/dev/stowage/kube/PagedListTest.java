package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.api.model.NodeListBuilder;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagedListTest {

    private final List<ListOptions> requests = new ArrayList<>();

    /** Three pages, the second of them empty. */
    private final Listable<NodeList> nodes = new Listable<>() {
        @Override
        public NodeList list() {
            throw new AssertionError("listed without a limit");
        }

        @Override
        public NodeList list(Integer limit, String next) {
            return list();
        }

        @Override
        public NodeList list(ListOptions options) {
            requests.add(options);
            return switch (requests.size()) {
                case 1 -> page("second", "a", "b");
                case 2 -> page("third");
                default -> page("", "c");
            };
        }
    };

    private static NodeList page(String next, String... names) {
        return new NodeListBuilder()
                .withNewMetadata()
                .withContinue(next)
                .endMetadata()
                .withItems(List.of(names).stream()
                        .map(name -> new NodeBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                        .toList())
                .build();
    }

    @Test
    void everyPageIsReadOnce() {
        List<String> names = new ArrayList<>();

        PagedList.forEach(nodes, node -> names.add(node.getMetadata().getName()));

        assertThat(names).containsExactly("a", "b", "c");
        assertThat(requests).extracting(ListOptions::getContinue).containsExactly(null, "second", "third");
        assertThat(requests).extracting(ListOptions::getLimit).containsOnly(PagedList.PAGE);
    }
}
