package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.LogCapture;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that clients cannot read with their defaults. */
class StoredObjectsTest {

    private static final KubernetesSerialization READER = StoredObjects.TYPED;

    static Stream<Arguments> odd() {
        String deep = "{\"f:a\":".repeat(100_000) + "1" + "}".repeat(100_000);
        return Stream.of(
                Arguments.of("a list that is a text", "\"status\":{\"addresses\":\"none\"}"),
                Arguments.of("an object that is a list", "\"status\":[[[{}]]]"),
                Arguments.of("an object that is a number", "\"spec\":{\"taints\":[{\"key\":\"a\"},7]}"),
                Arguments.of("a number that is an object", "\"spec\":{\"unschedulable\":{\"a\":[{}]}}"),
                Arguments.of(
                        "an enormous number",
                        "\"status\":{\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + "9".repeat(5_000) + "}}}"),
                Arguments.of("a long name", "\"" + "n".repeat(60_000) + "\":1"),
                Arguments.of("unknown fields of great depth", "\"extra\":" + deep));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("odd")
    @DisplayName("in a list: the other objects are read, and the odd one has its name")
    void lists(String what, String field) {
        NodeList nodes = READER.unmarshal(
                """
                {"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"next"},"items":[%s,%s,%s]}""".formatted(node("a", "\"spec\":{}"), node("odd", field), node("b", "\"spec\":{}")), NodeList.class);

        assertThat(nodes.getItems())
                .extracting(node -> node.getMetadata().getName())
                .containsExactly("a", "odd", "b");
        assertThat(nodes.getMetadata().getContinue()).isEqualTo("next");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("odd")
    @DisplayName("in a watch: it is an event with a version, so that the watch goes on")
    void watches(String what, String field) {
        WatchEvent event =
                READER.unmarshal("{\"type\":\"MODIFIED\",\"object\":" + node("odd", field) + "}", WatchEvent.class);

        assertThat(event.getObject()).isInstanceOfSatisfying(Node.class, node -> assertThat(
                        node.getMetadata().getResourceVersion())
                .isEqualTo("5"));
    }

    @Test
    @DisplayName("managed fields are skipped, however deep")
    void managedFields() {
        String deep = "{\"f:a\":".repeat(100_000) + "{}" + "}".repeat(100_000);
        Node node = READER.unmarshal(
                "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"managedFields\":[{\"fieldsV1\":" + deep
                        + "}],\"name\":\"a\"}}",
                Node.class);

        assertThat(node.getMetadata().getName()).isEqualTo("a");
        assertThat(node.getMetadata().getManagedFields()).isEmpty();
    }

    @Test
    @DisplayName("the log names the object once")
    void log() {
        try (LogCapture log = new LogCapture(OddObjects.class)) {
            String odd = node("named-once", "\"status\":7");
            READER.unmarshal(odd, Node.class);
            READER.unmarshal(odd, Node.class);

            assertThat(log.lines())
                    .containsExactly(
                            "Node named-once cannot be read and is left out: status has a value of the wrong type");
        }
    }

    @Test
    @DisplayName("a text that is not JSON, or that ends, is an error as ever")
    void notJson() {
        for (String text : List.of("{\"kind\":\"Node\",\"status\":{\"addresses\":[", "{\"status\":nonsense}")) {
            assertThatThrownBy(() -> READER.unmarshal(
                            new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Node.class))
                    .isInstanceOf(KubernetesClientException.class);
        }
    }

    private static String node(String name, String field) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"" + name
                + "\",\"resourceVersion\":\"5\"}," + field + "}";
    }
}
