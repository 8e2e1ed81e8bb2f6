package dev.stowage.cluster.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.kube.ObjectName;
import dev.stowage.testing.LogCapture;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ConfigMap that announces a local registry, as users of such clusters write it. */
class LocalRegistryHostingTest {

    private static final String KIND = """
            host: "localhost:5001"
            hostFromContainerRuntime: "kind-registry:5000"
            hostFromClusterNetwork: "kind-registry:5000"
            help: "https://example.com/local-registry"
            """;

    private final AtomicLong nanos = new AtomicLong();
    private final List<ObjectName> asked = new CopyOnWriteArrayList<>();
    private final LogCapture log = new LogCapture();
    private volatile String text = KIND;
    private volatile int failWith;
    private final LocalRegistryHosting hosting = new LocalRegistryHosting(this::read, nanos::get);

    @AfterEach
    void close() {
        hosting.close();
        log.close();
    }

    private Optional<ConfigMap> read(ObjectName name) {
        asked.add(name);
        if (failWith != 0) {
            throw new KubernetesClientException("hunter2", failWith, null);
        }
        return Optional.ofNullable(text).map(value -> new ConfigMapBuilder()
                .addToData("localRegistryHosting.v1", value)
                .build());
    }

    private String addressOf(String registry) {
        return hosting.addressOf(registry, Deadline.in(Duration.ofSeconds(20)))
                .join()
                .orElse("");
    }

    @ParameterizedTest(name = "{0} is at \"{1}\"")
    @CsvSource({
        "localhost:5001, kind-registry:5000",
        "LOCALHOST:5001, kind-registry:5000",
        "127.0.0.1:5001, kind-registry:5000",
        "127.1.2.3:5001, kind-registry:5000",
        "[::1]:5001, kind-registry:5000",
        "localhost:5000, ''",
        "localhost, ''",
        "other.localhost:5001, ''",
        "kind-registry:5000, ''",
        "docker.io, ''"
    })
    void names(String registry, String address) {
        assertThat(addressOf(registry)).isEqualTo(address);
    }

    @Test
    @DisplayName("a name below localhost means itself alone; the port of the container runtime counts as well")
    void otherShapes() {
        text = "host: k3d-reg.localhost:5000\nhostFromContainerRuntime: localhost:32000\n"
                + "hostFromClusterNetwork: registry.container-registry.svc.cluster.local:5000\n";

        assertThat(addressOf("k3d-reg.localhost:5000")).isEqualTo("registry.container-registry.svc.cluster.local:5000");
        assertThat(addressOf("127.0.0.1:32000")).isNotEmpty();
        assertThat(addressOf("localhost:5000")).isEmpty();
    }

    @Test
    @DisplayName("no other registry can be replaced by it")
    void noOtherRegistry() {
        text = "host: docker.io\nhostFromContainerRuntime: quay.io\nhostFromClusterNetwork: evil.test\n";

        assertThat(addressOf("docker.io") + addressOf("quay.io")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"", "host: localhost:5001\nhelp: none for pods", "host: localhost:5001\nhostFromClusterNetwork:"
            })
    void nothingForPods(String value) {
        text = value;

        assertThat(addressOf("localhost:5001")).isEmpty();
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: no effect, and a line in the log")
    @ValueSource(
            strings = {
                "- a\n- list",
                "text",
                "host: [",
                "host: localhost:5001\nhostFromClusterNetwork: http://kind-registry:5000",
                "host: localhost:5001\nhostFromClusterNetwork: user@kind-registry:5000",
                "host: localhost:5001\nhostFromClusterNetwork: localhost:5001",
                "host: localhost:5001\nhostFromClusterNetwork: [kind-registry]",
                "host: 'localhost:5001/'\nhostFromClusterNetwork: kind-registry:5000",
                "host: !!javax.script.ScriptEngineManager []\nhostFromClusterNetwork: kind-registry:5000"
            })
    void badValues(String value) {
        text = value;

        assertThat(addressOf("localhost:5001")).isEmpty();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("ConfigMap kube-public/local-registry-hosting has no effect: ");
    }

    @Test
    @DisplayName("a value that is too long, or too deep, is not read")
    void boundedValues() {
        text = "host: localhost:5001\n#" + "x".repeat(16 * 1024);
        assertThat(addressOf("localhost:5001")).isEmpty();

        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        text = "[".repeat(10_000);
        assertThat(addressOf("localhost:5001")).isEmpty();
    }

    @Test
    @DisplayName("there is no ConfigMap: no effect, no line, and one request a minute at most")
    void absent() {
        text = null;

        assertThat(addressOf("localhost:5001")).isEmpty();
        assertThat(addressOf("localhost:5001")).isEmpty();

        assertThat(asked).containsExactly(new ObjectName("kube-public", "local-registry-hosting"));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    @DisplayName("it may not be read: the permission is named")
    void forbidden() {
        failWith = 403;

        assertThat(addressOf("localhost:5001")).isEmpty();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("its role lacks \"get\" on \"configmaps\"")
                .doesNotContain("hunter2");
    }

    @Test
    @DisplayName("a change counts after a minute")
    void changes() {
        assertThat(addressOf("localhost:5001")).isEqualTo("kind-registry:5000");
        text = KIND.replace("kind-registry", "other-registry");
        assertThat(addressOf("localhost:5001")).isEqualTo("kind-registry:5000");

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(addressOf("localhost:5001")).isEqualTo("other-registry:5000");
    }
}
