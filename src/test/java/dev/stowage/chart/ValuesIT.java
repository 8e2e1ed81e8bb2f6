package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each value does: as it comes, and set. */
class ValuesIT {

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    /**
     * One value of one field.
     *
     * @param values what is set; nothing for the default
     * @param kind the object's kind
     * @param pointer the field
     * @param expected its value as JSON, quotes left out; empty when it is absent
     */
    record Row(String values, String kind, String pointer, String expected) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("", "Deployment", "/spec/replicas", "2"),
                new Row("replicas: 5", "Deployment", "/spec/replicas", "5"),
                new Row("", "Deployment", CONTAINER + "/image", "ghcr.io/stowage-dev/stowage:0.1.0"),
                new Row("image: {repository: a/b, tag: c}", "Deployment", CONTAINER + "/image", "a/b:c"),
                new Row(
                        "image: {tag: c, digest: sha256:" + "0".repeat(64) + "}",
                        "Deployment",
                        CONTAINER + "/image",
                        "ghcr.io/stowage-dev/stowage@sha256:" + "0".repeat(64)),
                new Row("", "Deployment", CONTAINER + "/imagePullPolicy", "IfNotPresent"),
                new Row("", "Deployment", "/spec/template/spec/imagePullSecrets", ""),
                new Row(
                        "image: {pullSecrets: [a]}",
                        "Deployment",
                        "/spec/template/spec/imagePullSecrets",
                        "[{name:a}]"),
                new Row("", "Deployment", "/spec/template/spec/terminationGracePeriodSeconds", "30"),
                new Row("", "Deployment", "/spec/template/spec/nodeSelector", "{kubernetes.io/os:linux}"),
                new Row("nodeSelector: null", "Deployment", "/spec/template/spec/nodeSelector", ""),
                new Row("", "Deployment", "/spec/template/spec/tolerations", ""),
                new Row("tolerations: [{key: a}]", "Deployment", "/spec/template/spec/tolerations", "[{key:a}]"),
                new Row("", "Deployment", "/spec/template/spec/affinity", ""),
                new Row(
                        "affinity: {nodeAffinity: {}}",
                        "Deployment",
                        "/spec/template/spec/affinity",
                        "{nodeAffinity:{}}"),
                new Row("", "Deployment", "/spec/template/spec/priorityClassName", ""),
                new Row("priorityClassName: high", "Deployment", "/spec/template/spec/priorityClassName", "high"),
                new Row(
                        "",
                        "Deployment",
                        "/spec/template/spec/topologySpreadConstraints/0/topologyKey",
                        "kubernetes.io/hostname"),
                new Row(
                        "topologySpread: {enabled: false}",
                        "Deployment",
                        "/spec/template/spec/topologySpreadConstraints",
                        ""),
                new Row("", "Deployment", CONTAINER + "/resources/limits/memory", "512Mi"),
                new Row("", "Deployment", CONTAINER + "/env/1", "{name:QUARKUS_LOG_CONSOLE_JSON_ENABLED,value:true}"),
                new Row(
                        "logFormat: text",
                        "Deployment",
                        CONTAINER + "/env/1",
                        "{name:QUARKUS_LOG_CONSOLE_JSON_ENABLED,value:false}"),
                new Row("", "Deployment", CONTAINER + "/env/2", ""),
                new Row(
                        "javaOptions: -Xmx64m",
                        "Deployment",
                        CONTAINER + "/env/2",
                        "{name:JAVA_TOOL_OPTIONS,value:-Xmx64m}"),
                new Row("extraEnv: [{name: A, value: b}]", "Deployment", CONTAINER + "/env/2", "{name:A,value:b}"),
                new Row("", "Deployment", "/spec/template/spec/volumes/2", ""),
                new Row("extraVolumes: [{name: v}]", "Deployment", "/spec/template/spec/volumes/2", "{name:v}"),
                new Row("extraVolumeMounts: [{name: v}]", "Deployment", CONTAINER + "/volumeMounts/2", "{name:v}"),
                new Row("podLabels: {a: b}", "Deployment", "/spec/template/metadata/labels/a", "b"),
                new Row("podAnnotations: {a: b}", "Deployment", "/spec/template/metadata/annotations/a", "b"),
                new Row(
                        "",
                        "Deployment",
                        "/spec/template/spec/dnsConfig",
                        "{options:[{name:ndots,value:1},{name:timeout,value:2},{name:attempts,value:2}]}"),
                new Row("dnsConfig: null", "Deployment", "/spec/template/spec/dnsConfig", ""),
                new Row(
                        "tls: {clientCa: {configMap: front}}",
                        "Deployment",
                        "/spec/template/spec/volumes/2",
                        "{name:client-ca,configMap:{name:front}}"),
                new Row(
                        "tls: {clientCa: {secret: front}}",
                        "Deployment",
                        "/spec/template/spec/volumes/2",
                        "{name:client-ca,secret:{secretName:front}}"),
                new Row(
                        "{networkPolicy: {enabled: true, apiServerCidrs: [10.0.0.0/28, 'fd00::/64']}}",
                        "NetworkPolicy",
                        "/spec/ingress/0",
                        "{ports:[{port:webhook}],from:[{ipBlock:{cidr:10.0.0.0/28}},{ipBlock:{cidr:fd00::/64}}]}"),
                new Row(
                        "networkPolicy: {enabled: true}",
                        "NetworkPolicy",
                        "/spec/ingress/0",
                        "{ports:[{port:webhook}]}"),
                new Row("", "PodDisruptionBudget", "/spec/maxUnavailable", "1"),
                new Row(
                        "podDisruptionBudget: {maxUnavailable: 50%}",
                        "PodDisruptionBudget", "/spec/maxUnavailable", "50%"),
                new Row("serviceAccount: {annotations: {a: b}}", "ServiceAccount", "/metadata/annotations/a", "b"),
                new Row("", "ServiceAccount", "/metadata/name", "stowage"),
                new Row("serviceAccount: {name: other}", "ServiceAccount", "/metadata/name", "other"),
                new Row("serviceAccount: {name: other}", "ClusterRoleBinding", "/subjects/0/name", "other"),
                new Row("nameOverride: x", "Service", "/metadata/name", "stowage-x"),
                new Row("fullnameOverride: x", "Service", "/metadata/name", "x"),
                new Row("", "CustomResourceDefinition", "/metadata/annotations/helm.sh~1resource-policy", "keep"),
                new Row(
                        "crds: {keep: false}",
                        "CustomResourceDefinition",
                        "/metadata/annotations/helm.sh~1resource-policy",
                        ""));
    }

    static Stream<Row> steeringRows() {
        String name = "MutatingWebhookConfiguration";
        String hook = "/webhooks/0";
        String on = "config: {steering: {mode: required}}";
        return Stream.of(
                new Row(on, name, "/metadata/name", "stowage"),
                new Row(on, name, hook + "/failurePolicy", "Ignore"),
                new Row("{failurePolicy: Fail, " + on + "}", name, hook + "/failurePolicy", "Ignore"),
                new Row(on, name, hook + "/reinvocationPolicy", "IfNeeded"),
                new Row("{webhook: {timeoutSeconds: 7}, " + on + "}", name, hook + "/timeoutSeconds", "7"),
                new Row(on, name, hook + "/clientConfig/caBundle", ""),
                new Row(on, name, hook + "/clientConfig/service/path", ""),
                new Row(
                        "config: {steering: {mode: required}, tls: {secretPath: false}}",
                        name,
                        hook + "/clientConfig/service/path",
                        "/steer"),
                new Row(
                        "{tls: {source: secret, caBundle: abc}, " + on + "}",
                        name,
                        hook + "/clientConfig/caBundle",
                        "YWJj"),
                new Row(
                        "{webhook: {url: 'https://front:9443'}, " + on + "}",
                        name,
                        hook + "/clientConfig/url",
                        "https://front:9443/steer"),
                new Row(
                        "{webhook: {url: 'https://front/validate/'}, " + on + "}",
                        name,
                        hook + "/clientConfig/url",
                        "https://front/steer"),
                new Row(
                        on,
                        name,
                        hook + "/rules",
                        "[{apiGroups:[],apiVersions:[v1],operations:[CREATE],resources:[pods],scope:Namespaced}]"),
                new Row(
                        "{webhook: {excludedNamespaces: [registry]}, " + on + "}",
                        name,
                        hook + "/namespaceSelector/matchExpressions/0/values",
                        "[kube-system,stowage,registry]"),
                new Row(on, name, hook + "/namespaceSelector/matchExpressions/1/key", "stowage.dev/mode"),
                new Row(
                        on,
                        name,
                        hook + "/namespaceSelector/matchExpressions/2",
                        "{key:stowage.dev/steering,operator:NotIn,values:[off]}"),
                new Row(
                        "config: {steering: {mode: labeled}}",
                        name,
                        hook + "/namespaceSelector/matchExpressions/2",
                        "{key:stowage.dev/steering,operator:In,values:[required]}"));
    }

    static Stream<Row> webhookRows() {
        String name = "ValidatingWebhookConfiguration";
        String hook = "/webhooks/0";
        return Stream.of(
                new Row("", name, hook + "/failurePolicy", "Ignore"),
                new Row("failurePolicy: Fail", name, hook + "/failurePolicy", "Fail"),
                new Row("", name, hook + "/timeoutSeconds", "10"),
                new Row("webhook: {timeoutSeconds: 3}", name, hook + "/timeoutSeconds", "3"),
                new Row("", name, hook + "/clientConfig/caBundle", ""),
                new Row("", name, hook + "/clientConfig/service/path", ""),
                new Row("tls: {source: secret, caBundle: abc}", name, hook + "/clientConfig/service/path", ""),
                new Row("rbac: {create: false}", name, hook + "/clientConfig/service/path", "/validate"),
                new Row(
                        "{rbac: {create: false}, config: {tls: {secretPath: true}}}",
                        name,
                        hook + "/clientConfig/service/path",
                        ""),
                new Row("config: {tls: {secretPath: false}}", name, hook + "/clientConfig/service/path", "/validate"),
                new Row("tls: {source: secret, caBundle: abc}", name, hook + "/clientConfig/caBundle", "YWJj"),
                new Row("", name, hook + "/objectSelector", ""),
                new Row(
                        "webhook: {objectSelector: {matchLabels: {a: b}}}",
                        name,
                        hook + "/objectSelector",
                        "{matchLabels:{a:b}}"),
                new Row("", name, hook + "/matchConditions/1", ""),
                new Row(
                        "webhook: {matchConditions: [{name: a, expression: 'true'}]}",
                        name,
                        hook + "/matchConditions/1",
                        "{expression:true,name:a}"),
                new Row("", name, hook + "/rules/3", ""),
                new Row("webhook: {extraRules: [{resources: [a]}]}", name, hook + "/rules/3", "{resources:[a]}"),
                new Row("webhook: {annotations: {a: b}}", name, "/metadata/annotations/a", "b"),
                new Row("", name, hook + "/namespaceSelector/matchExpressions/0/values", "[kube-system,stowage]"),
                new Row(
                        "{webhook: {excludedNamespaces: [registry]}, config: {exemptions: {namespaces: [a, 'b-*']}}}",
                        name,
                        hook + "/namespaceSelector/matchExpressions/0/values",
                        "[kube-system,stowage,registry,a]"),
                new Row(
                        "webhook: {namespaceSelector: [{key: a, operator: Exists}]}",
                        name,
                        hook + "/namespaceSelector/matchExpressions/2",
                        "{key:a,operator:Exists}"),
                new Row(
                        "config: {exemptions: {users: [a, 'b*'], serviceAccounts: [c/d]}}",
                        name,
                        hook + "/matchConditions/1/expression",
                        "!(request.userInfo.username in [\\a\\,\\system:serviceaccount:c:d\\])"),
                new Row("config: {exemptions: {users: ['b*']}}", name, hook + "/matchConditions/1", ""),
                new Row(
                        "config: {exemptions: {groups: [g]}}",
                        name,
                        hook + "/matchConditions/1/name",
                        "group-is-not-exempt"));
    }

    @ParameterizedTest
    @MethodSource({"rows", "webhookRows", "steeringRows"})
    void value(Row row) {
        assertThat(plain(Chart.with(row.values()).one(row.kind()).at(row.pointer())))
                .isEqualTo(row.expected());
    }

    @ParameterizedTest
    @CsvSource({"10, ''", "6, ''", "5, 4s", "3, 2s", "1, 500ms"})
    @DisplayName("a short timeout of the webhook shortens the deadline that nobody set")
    void shorterDeadline(int timeout, String deadline) {
        assertThat(Chart.with("webhook: {timeoutSeconds: " + timeout + "}")
                        .configuration()
                        .path("admissionDeadline")
                        .asText())
                .isEqualTo(deadline);
    }

    static String plain(JsonNode node) {
        return node.toString().replace("\"", "");
    }

    @Test
    @DisplayName("the mode is a value of its own, and what the configuration says wins; the rest passes through")
    void configuration() {
        assertThat(Chart.with("").configuration().path("mode").asText()).isEqualTo("enforce");
        assertThat(Chart.with("mode: warn").configuration().path("mode").asText())
                .isEqualTo("warn");
        assertThat(Chart.with("{mode: warn, config: {mode: audit}}")
                        .configuration()
                        .path("mode")
                        .asText())
                .isEqualTo("audit");
        assertThat(Chart.with("config: {registries: {'10.200.0.1:5000': {insecure: true}}}")
                        .configuration()
                        .path("registries")
                        .path("10.200.0.1:5000")
                        .path("insecure")
                        .asBoolean())
                .isTrue();
    }

    @Test
    @DisplayName("a changed configuration rolls the pods, an unchanged one does not")
    void checksum() {
        String pointer = "/spec/template/metadata/annotations/checksum~1config";

        String asItComes = Chart.with("").one("Deployment").at(pointer).asText();

        assertThat(Chart.with("mode: warn").one("Deployment").at(pointer).asText())
                .isNotEqualTo(asItComes);
        assertThat(Chart.with("replicas: 3").one("Deployment").at(pointer).asText())
                .isEqualTo(asItComes);
    }

    @Test
    @DisplayName("what can be left out is left out")
    void leftOut() {
        assertThat(Chart.with("podDisruptionBudget: {enabled: false}").all("PodDisruptionBudget"))
                .isEmpty();
        assertThat(Chart.with("serviceAccount: {create: false}").all("ServiceAccount"))
                .isEmpty();
        assertThat(Chart.with("crds: {enabled: false}").all("CustomResourceDefinition"))
                .isEmpty();
        assertThat(Chart.with("rbac: {create: false}").objects())
                .noneMatch(object -> object.path("kind").asText().contains("Role"));
        assertThat(Chart.with("").all("NetworkPolicy")).isEmpty();
        assertThat(Chart.with("").all("ConfigMap")).hasSize(1);
    }

    @Test
    @DisplayName("nothing writes to the root file system, and nothing runs as root or with a capability")
    void security() {
        JsonNode pod = Chart.with("").pod();

        assertThat(plain(pod.path("securityContext")))
                .contains("runAsNonRoot:true")
                .contains("seccompProfile:{type:RuntimeDefault}");
        assertThat(plain(pod.at("/containers/0/securityContext")))
                .isEqualTo("{allowPrivilegeEscalation:false,capabilities:{drop:[ALL]},readOnlyRootFilesystem:true}");
        assertThat(plain(pod.path("volumes"))).contains("{name:tmp,emptyDir:{sizeLimit:64Mi}}");
        assertThat(pod.has("hostNetwork")).isFalse();
    }

    @Test
    @DisplayName("no variable such as STOWAGE_PORT reaches the application, which would take it for configuration")
    void serviceLinks() {
        assertThat(Chart.with("").pod().path("enableServiceLinks").asBoolean(true))
                .isFalse();
    }

    @Test
    @DisplayName("a roll never takes a replica away before the next is ready, and a drain at most one")
    void rolling() {
        Chart chart = Chart.with("");

        assertThat(plain(chart.one("Deployment").at("/spec/strategy/rollingUpdate")))
                .isEqualTo("{maxUnavailable:0,maxSurge:1}");
        assertThat(chart.one("PodDisruptionBudget").at("/spec/maxUnavailable").asInt())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("a pod may take longer to end than draining takes")
    void grace() {
        assertThat(Chart.with("").pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThan(5 + 10);
    }
}
