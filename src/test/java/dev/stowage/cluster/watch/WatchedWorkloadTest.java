package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.stowage.kube.StoredObjects;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of watches on workloads, as text. */
class WatchedWorkloadTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String CONTAINER = "\"containers\":[{\"name\":\"a\",\"image\":\"registry.example/web:1\"}]";
    private static final CustomKind BY_SHAPE = new CustomKind("example.io", "*", "Thing", "");

    private final KubernetesClient client =
            new KubernetesClientBuilder().withConfig(Config.empty()).build();
    private final KubernetesClient objects = StoredObjects.generic(
            client,
            WatchedWorkload.module(new WorkloadObjectReader(new WorkloadSettings(List.of(BY_SHAPE), List.of()))));

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADDED", "MODIFIED", "DELETED"})
    void reducesTheObject(String type) {
        WatchEvent event = event("{\"type\":\"" + type + "\",\"object\":" + deployment(CONTAINER) + "}");

        assertThat(event.getType()).isEqualTo(type);
        assertReduced(event);
    }

    @Test
    @DisplayName("an object that precedes the event's type, and fields that no API server sends")
    void unusualOrder() {
        WatchEvent event = event(
                "{\"more\":{\"a\":[1]},\"object\":" + deployment(CONTAINER) + ",\"type\":\"ADDED\",\"last\":[{}]}");

        assertThat(event.getType()).isEqualTo("ADDED");
        assertReduced(event);
    }

    private static void assertReduced(WatchEvent event) {
        assertThat(event.getObject()).isInstanceOfSatisfying(WatchedWorkload.class, read -> {
            assertThat(read.getMetadata().getResourceVersion()).isEqualTo("5");
            assertThat(read.observed().images()).extracting(ImageUse::image).containsExactly("registry.example/web:1");
        });
    }

    @Test
    @DisplayName("an error has its status")
    void error() {
        WatchEvent event =
                event("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410}}");

        assertThat(event.getObject()).isInstanceOfSatisfying(Status.class, status -> assertThat(status.getCode())
                .isEqualTo(410));
    }

    @Test
    @DisplayName("a bookmark has its version")
    void bookmark() {
        WatchEvent event = event(
                "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
                        + "\"metadata\":{\"resourceVersion\":\"12\",\"creationTimestamp\":null},\"spec\":{\"containers\":null}}}");

        assertThat(event.getObject()).isInstanceOfSatisfying(GenericKubernetesResource.class, object -> assertThat(
                        object.getMetadata().getResourceVersion())
                .isEqualTo("12"));
    }

    @Test
    @DisplayName("an event without an object, or with a null, has none")
    void nothing() {
        assertThat(event("{\"type\":\"ADDED\"}").getObject()).isNull();
        assertThat(event("{\"type\":\"ADDED\",\"object\":null}").getObject()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"affinity", "nodeSelector", "tolerations"})
    @DisplayName("a large object is not kept as a tree while it is read, nor are its rules")
    void largeObjects(String field) {
        String text = "{\"type\":\"ADDED\",\"object\":" + deployment(rules(field, 40_000) + "," + CONTAINER) + "}";
        event(text);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        WatchEvent event = event(text);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertReduced(event);
        assertRunsAnywhere(event, false);
        assertThat(allocated).isLessThan(6L * text.length());
    }

    @Test
    @DisplayName("as many selector values as are allowed are kept")
    void usualObjects() {
        assertRunsAnywhere(event("{\"type\":\"ADDED\",\"object\":" + deployment(CONTAINER) + "}"), true);
        WatchEvent event = event("{\"type\":\"ADDED\",\"object\":"
                + deployment(rules("nodeSelector", StoredLimits.SCHEDULING_VALUES) + "," + CONTAINER) + "}");

        assertThat(workload(event).scheduling().nodeSelector()).hasSize(StoredLimits.SCHEDULING_VALUES);
    }

    @Test
    @DisplayName("values that are no rules of a pod spec do not hide that those of the pod spec were left out")
    void valuesElsewhere() {
        WatchEvent event = event("{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"example.io/v1\",\"kind\":\"Thing\","
                + "\"metadata\":{\"name\":\"odd\",\"namespace\":\"shop\",\"resourceVersion\":\"5\"},\"spec\":{\"first\":{"
                + rules("nodeSelector", StoredLimits.SCHEDULING_VALUES) + "},\"second\":{"
                + rules("nodeSelector", 1) + "," + CONTAINER + "}}}}");

        assertReduced(event);
        assertRunsAnywhere(event, false);
    }

    private static void assertRunsAnywhere(WatchEvent event, boolean anywhere) {
        assertThat(workload(event).scheduling().requiredAffinity().isEmpty()).isEqualTo(anywhere);
    }

    private static Workload workload(WatchEvent event) {
        return ((WatchedWorkload) event.getObject()).observed().any();
    }

    private WatchEvent event(String text) {
        return objects.getKubernetesSerialization().unmarshal(text, WatchEvent.class);
    }

    private static String deployment(String podSpec) {
        return "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\","
                + "\"uid\":\"1\",\"resourceVersion\":\"5\"},\"spec\":{\"template\":{\"spec\":{" + podSpec + "}}}}";
    }

    private static String rules(String field, int count) {
        return "\"" + field + "\":"
                + switch (field) {
                    case "affinity" ->
                        "{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":"
                                + "[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":["
                                + joined(count, "\"value-%d\"")
                                + "]}]}]}}}";
                    case "tolerations" -> "[" + joined(count, "{\"key\":\"k%d\",\"operator\":\"Exists\"}") + "]";
                    default -> "{" + joined(count, "\"key-%d\":\"\"") + "}";
                };
    }

    private static String joined(int count, String format) {
        return IntStream.range(0, count)
                .mapToObj(i -> format.replace("%d", "" + i))
                .collect(Collectors.joining(","));
    }
}
