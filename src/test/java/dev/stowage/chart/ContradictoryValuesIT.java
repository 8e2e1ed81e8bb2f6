package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that contradict each other. */
class ContradictoryValuesIT {

    /**
     * Values of which each is allowed, but not together.
     *
     * @param values what is set
     * @param one the first value that the message names
     * @param other the second
     */
    record Contradiction(String values, String one, String other) {}

    static Stream<Contradiction> contradictions() {
        String deadline = "config.admissionDeadline";
        String timeout = "webhook.timeoutSeconds";
        return Stream.of(
                new Contradiction("config: {admissionDeadline: 12s}", deadline, timeout),
                new Contradiction("config: {admissionDeadline: 10s}", deadline, timeout),
                new Contradiction("config: {admissionDeadline: 1m}", deadline, timeout),
                new Contradiction("config: {admissionDeadline: PT11S}", deadline, timeout),
                new Contradiction("config: {admissionDeadline: 11}", deadline, timeout),
                new Contradiction(
                        "{webhook: {timeoutSeconds: 3}, config: {admissionDeadline: 4000ms}}", deadline, timeout),
                new Contradiction("replicas: 0", "replicas", "podDisruptionBudget.enabled"),
                new Contradiction(
                        "{replicas: 0, failurePolicy: Fail, podDisruptionBudget: {enabled: false}}",
                        "replicas",
                        "failurePolicy"),
                new Contradiction(
                        "podDisruptionBudget: {maxUnavailable: 2}", "podDisruptionBudget.maxUnavailable", "replicas"),
                new Contradiction(
                        "podDisruptionBudget: {maxUnavailable: 100%}",
                        "podDisruptionBudget.maxUnavailable", "replicas"),
                new Contradiction(
                        "resources: {limits: {memory: 128Mi}}", "resources.requests.memory", "resources.limits.memory"),
                new Contradiction(
                        "resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}",
                        "resources.requests.cpu",
                        "resources.limits.cpu"),
                new Contradiction(
                        "config: {server: {drainDelay: 25s}}",
                        "terminationGracePeriodSeconds",
                        "config.server.drainDelay"),
                new Contradiction(
                        "{rbac: {pullSecrets: {namespaces: [a]}}, config: {pullSecrets: {enabled: false}}}",
                        "rbac.pullSecrets.namespaces",
                        "config.pullSecrets.enabled"),
                new Contradiction(
                        "rbac: {create: false, pullSecrets: {namespaces: [a]}}",
                        "rbac.pullSecrets.namespaces",
                        "rbac.create"),
                new Contradiction(
                        "networkPolicy: {apiServerCidrs: [10.0.0.0/8]}",
                        "networkPolicy.apiServerCidrs",
                        "networkPolicy.enabled"),
                new Contradiction(
                        "networkPolicy: {metricsFrom: [{podSelector: {}}]}",
                        "networkPolicy.metricsFrom",
                        "networkPolicy.enabled"),
                new Contradiction(
                        "networkPolicy: {egress: [{ports: [{port: 443}]}]}",
                        "networkPolicy.egress",
                        "networkPolicy.enabled"),
                new Contradiction("tls: {caBundle: abc}", "tls.caBundle", "tls.source"),
                new Contradiction(
                        "tls: {certManager: {issuerRef: {name: corp}}}", "tls.certManager.issuerRef", "tls.source"),
                new Contradiction(
                        "tls: {clientCa: {configMap: a, secret: b}}", "tls.clientCa.configMap", "tls.clientCa.secret"),
                new Contradiction(
                        "{webhook: {url: 'https://front/stowage'}, config: {steering: {mode: required}}}",
                        "webhook.url",
                        "config.steering.mode"),
                new Contradiction("config: {tls: {mode: self}}", "config.tls.mode", "tls.source"),
                new Contradiction(
                        "config: {addresses: {allowedCidrs: [10.0.0.0/8], deniedCidrs: [10.0.0.0/8]}}",
                        "config.addresses.allowedCidrs",
                        "config.addresses.deniedCidrs"));
    }

    static Stream<Contradiction> platforms() {
        return Stream.of(
                new Contradiction("ports: {metrics: 8443}", "ports.webhook", "ports.metrics"),
                new Contradiction("config: {server: {port: 9443}}", "config.server.port", "ports.webhook"),
                new Contradiction(
                        "{hostNetwork: true, ports: {webhook: 10250}}", "hostNetwork", "ports.webhook is 10250"),
                new Contradiction(
                        "{hostNetwork: true, ports: {metrics: 10250}}", "hostNetwork", "ports.metrics is 10250"),
                new Contradiction(
                        "{hostNetwork: true, networkPolicy: {enabled: true}}", "hostNetwork", "networkPolicy.enabled"),
                new Contradiction("{hostNetwork: true, dnsPolicy: ClusterFirst}", "hostNetwork", "dnsPolicy"),
                new Contradiction(
                        "{trustedCA: {configMap: a}, config: {trustedCa: b}}",
                        "trustedCA.configMap",
                        "config.trustedCa"),
                new Contradiction(
                        "commonLabels: {app.kubernetes.io/name: x}", "commonLabels", "app.kubernetes.io/name"),
                new Contradiction(
                        "podLabels: {app.kubernetes.io/component: x}", "podLabels", "app.kubernetes.io/component"),
                new Contradiction(
                        "service: {labels: {app.kubernetes.io/instance: x}}",
                        "service.labels",
                        "app.kubernetes.io/instance"));
    }

    @ParameterizedTest
    @MethodSource({"contradictions", "platforms"})
    @DisplayName("values that contradict each other are refused, by a message that names both")
    void contradictory(Contradiction row) {
        assertThatThrownBy(() -> Chart.with(row.values()))
                .hasMessageContaining("values that contradict each other")
                .hasMessageContaining(row.one())
                .hasMessageContaining(row.other());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config: {admissionDeadline: 9500ms}",
                "config: {admissionDeadline: 9}",
                "{webhook: {timeoutSeconds: 30}, config: {admissionDeadline: PT29S}}",
                "{replicas: 0, podDisruptionBudget: {enabled: false}}",
                "{replicas: 1}",
                "{replicas: 3, podDisruptionBudget: {maxUnavailable: 2}}",
                "resources: {requests: {cpu: 1000m, memory: 1Gi}, limits: {cpu: 1, memory: 1024Mi}}",
                "{terminationGracePeriodSeconds: 60, config: {server: {drainDelay: 40s}}}"
            })
    @DisplayName("values that only look like it are not")
    void notContradictory(String values) {
        assertThat(Chart.with(values).objects()).isNotEmpty();
    }

    @Test
    @DisplayName("all contradictions are named at once")
    void severalContradictions() {
        assertThatThrownBy(() -> Chart.with("{replicas: 0, config: {admissionDeadline: 12s}}"))
                .hasMessageContaining("podDisruptionBudget.enabled")
                .hasMessageContaining("webhook.timeoutSeconds");
    }

    @Test
    @DisplayName("without a number of replicas nothing is said of the budget for disruptions")
    void scaled() {
        assertThat(Chart.with("{replicas: null, podDisruptionBudget: {maxUnavailable: 5}, failurePolicy: Fail}")
                        .objects())
                .isNotEmpty();
    }
}
