package dev.stowage.kube;

import dev.stowage.registry.net.HttpProxy;
import dev.stowage.registry.net.Proxies;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxy between here and the API server. The Kubernetes client reads the environment differently from other programs: it fails at
 * {@code NO_PROXY=*} and at a proxy without a port, and a pod would call its own cluster through the proxy of registries.
 */
public final class ApiServerProxy {

    private static final String OWN_API_SERVER = "KUBERNETES_SERVICE_HOST";

    private ApiServerProxy() {}

    /**
     * Sets what the environment names as it is read for registries; a pod's own API server has none. A proxy of the kubeconfig
     * stays.
     */
    public static void configure(Config config, Map<String, String> environment) {
        if (!isOfEnvironment(config.getHttpsProxy(), environment)
                || !isOfEnvironment(config.getHttpProxy(), environment)) {
            return;
        }
        Optional<HttpProxy> proxy = proxy(config.getMasterUrl(), environment);
        String url = proxy.map(found -> "http://" + found.authority()).orElse(null);
        config.setHttpsProxy(url);
        config.setHttpProxy(url);
        config.setProxyUsername(
                proxy.flatMap(HttpProxy::login).map(HttpProxy.Login::user).orElse(null));
        config.setProxyPassword(
                proxy.flatMap(HttpProxy::login).map(HttpProxy.Login::password).orElse(null));
        config.setNoProxy(new String[0]);
    }

    private static Optional<HttpProxy> proxy(String apiServer, Map<String, String> environment) {
        URI uri = URI.create(apiServer);
        boolean ownCluster = uri.getHost() == null
                || uri.getHost().replaceAll("[\\[\\]]", "").equals(environment.get(OWN_API_SERVER));
        return ownCluster ? Optional.empty() : Proxies.from(environment).proxyFor(uri);
    }

    private static boolean isOfEnvironment(String configured, Map<String, String> environment) {
        return configured == null
                || Stream.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
                        .map(environment::get)
                        .filter(Objects::nonNull)
                        .anyMatch(configured::equals);
    }
}
