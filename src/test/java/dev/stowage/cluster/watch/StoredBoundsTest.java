package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StoredBoundsTest {

    @Test
    void resourcesOfUsualContainersAreKept() throws IOException {
        ObjectNode pod = pod(3);

        assertThat(StoredBounds.reduce(pod).schedulingTooLarge()).isFalse();
        assertThat(pod.at("/spec/containers/0/resources/limits").size()).isEqualTo(3);
    }

    @Test
    void namesOfResourcesAreLimited() throws IOException {
        ObjectNode pod = pod(StoredLimits.SCHEDULING_VALUES + 10);

        assertThat(StoredBounds.reduce(pod).schedulingTooLarge()).isTrue();
        assertThat(pod.at("/spec/containers/0").has("resources")).isFalse();
    }

    private static ObjectNode pod(int resources) throws IOException {
        StringBuilder limits = new StringBuilder("\"cpu\": \"1\"");
        for (int i = 1; i < resources; i++) {
            limits.append(", \"example.com/r").append(i).append("\": \"1\"");
        }
        return (ObjectNode) new ObjectMapper()
                .readTree(
                        "{\"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"a\", \"resources\": {\"limits\": {"
                                + limits + "}}}]}}");
    }
}
