package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerProxyTest {

    private static final String PROXY = "http://me:p%40ss@proxy.test:3128";

    /** As the Kubernetes client reads the environment by itself. */
    private static Config config(String apiServer, Map<String, String> environment) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(apiServer)
                .withHttpsProxy(environment.get("HTTPS_PROXY"))
                .withNoProxy(environment.getOrDefault("NO_PROXY", "").split(","))
                .build();
    }

    @ParameterizedTest(name = "NO_PROXY={0}")
    @ValueSource(strings = {"*", "*.svc,10.0.0.0/8", "fd00::/8", ""})
    @DisplayName("a pod calls its own API server directly, whatever NO_PROXY says")
    void ownCluster(String noProxy) {
        for (String address : new String[] {"10.96.0.1", "fd00::1"}) {
            Map<String, String> environment = new HashMap<>(
                    Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", noProxy, "KUBERNETES_SERVICE_HOST", address));
            String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
            Config config = config("https://" + host + ":443/", environment);

            ApiServerProxy.configure(config, environment);

            assertThat(config.getHttpsProxy()).isNull();
            assertThatCode(() ->
                            KubeClients.connect(config, Duration.ofSeconds(1)).close())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("another cluster is called through the proxy, with its login")
    void anotherCluster() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", PROXY, "KUBERNETES_SERVICE_HOST", "10.96.0.1");
        Config config = config("https://cluster.example:6443/", environment);

        ApiServerProxy.configure(config, environment);

        assertThat(config.getHttpsProxy()).isEqualTo("http://proxy.test:3128");
        assertThat(config.getProxyUsername()).isEqualTo("me");
        assertThat(config.getProxyPassword()).isEqualTo("p@ss");
    }

    @Test
    @DisplayName("NO_PROXY excepts another cluster as it excepts registries")
    void exception() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", "*.example:6443");
        Config config = config("https://cluster.example:6443/", environment);

        ApiServerProxy.configure(config, environment);

        assertThat(config.getHttpsProxy()).isNull();
    }

    @Test
    @DisplayName("a proxy of the kubeconfig stays")
    void kubeconfig() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", PROXY);
        Config config = config("https://cluster.example:6443/", Map.of("HTTPS_PROXY", "socks5://127.0.0.1:1080"));

        ApiServerProxy.configure(config, environment);

        assertThat(config.getHttpsProxy()).isEqualTo("socks5://127.0.0.1:1080");
    }
}
