package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {

    private static JsonNode spec(String text) throws Exception {
        return new YAMLMapper().readTree(text);
    }

    @Test
    @DisplayName("containers and sidecars by image; init containers end before the others start")
    void byImage() throws Exception {
        JsonNode spec = spec("""
                initContainers:
                - {image: init, resources: {requests: {cpu: "8", memory: 8Gi}}}
                - {image: mesh, restartPolicy: Always, resources: {requests: {cpu: 10m, memory: 1Mi}}}
                containers:
                - {image: app, resources: {requests: {cpu: 250m, memory: 64Mi}}}
                - {image: app, resources: {requests: {cpu: "1"}, limits: {memory: 1Gi}}}
                - {image: none}
                """);

        assertThat(Requests.byImage(spec))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "mesh", new Requests(10, 1 << 20),
                        "app", new Requests(1250, 64 << 20),
                        "none", Requests.NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "1.5,1500",
        "100u,1",
        "2e3,2000000",
        "-1,0",
        "many,0",
        "1e999999999,0",
        "1E+999999,0",
        "99999999999999999999,1125899906842624"
    })
    void quantitiesAreBounded(String quantity, long milliCpu) throws Exception {
        assertThat(Requests.byImage(spec("containers: [{image: a, resources: {requests: {cpu: '" + quantity + "'}}}]")))
                .containsEntry("a", new Requests(milliCpu, 0));
    }

    @Test
    void sumsDoNotOverflow() {
        assertThat(new Requests(Long.MAX_VALUE, 1).plus(new Requests(1, 1))).isEqualTo(new Requests(Long.MAX_VALUE, 2));
    }
}
