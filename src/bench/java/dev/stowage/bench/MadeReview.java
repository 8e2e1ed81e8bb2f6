package dev.stowage.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** AdmissionReviews of pods as an API server sends them: with all that defaulting adds, and managed fields. */
public final class MadeReview {

    private MadeReview() {}

    /** The creation of a pod with one container for each of these images; about 4 kB for two. */
    public static byte[] pod(List<String> images) {
        return pod(images, 0);
    }

    /**
     * The same with an annotation and environment that make it larger.
     *
     * @param padding by about how many bytes
     */
    public static byte[] pod(List<String> images, int padding) {
        return review(images, padding).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode review(List<String> images, int padding) {
        ObjectNode review = node().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
        ObjectNode request = review.putObject("request").put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002");
        request.set("kind", node().put("group", "").put("version", "v1").put("kind", "Pod"));
        request.set("resource", node().put("group", "").put("version", "v1").put("resource", "pods"));
        request.set("requestKind", request.get("kind").deepCopy());
        request.set("requestResource", request.get("resource").deepCopy());
        request.put("name", "shop-7d4f9c6b5-x2x8q").put("namespace", "shop").put("operation", "CREATE");
        ObjectNode user = request.putObject("userInfo")
                .put("username", "system:serviceaccount:kube-system:replicaset-controller")
                .put("uid", "dfb3b4b4-9f2e-4a4e-8d67-0d5f7e1f3a55");
        List.of("system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated")
                .forEach(user.putArray("groups")::add);
        request.set("object", object(images, padding));
        request.putNull("oldObject");
        request.put("dryRun", false);
        request.putObject("options").put("kind", "CreateOptions").put("apiVersion", "meta.k8s.io/v1");
        return review;
    }

    /**
     * The creation of a pod that nobody owns, as a user creates it, so that it has to run on every eligible node.
     *
     * @param namespace whose it is
     * @param uid the review's
     * @param nodeSelector which nodes are eligible
     */
    public static byte[] unowned(List<String> images, String namespace, String uid, Map<String, String> nodeSelector) {
        ObjectNode review = review(images, 0);
        ObjectNode request = (ObjectNode) review.get("request");
        request.put("uid", uid).put("namespace", namespace);
        ((ObjectNode) request.get("userInfo")).put("username", "alice").putArray("groups");
        ObjectNode metadata = (ObjectNode) request.get("object").get("metadata");
        metadata.put("namespace", namespace).remove("ownerReferences");
        if (!nodeSelector.isEmpty()) {
            ObjectNode selector = ((ObjectNode) request.get("object").get("spec")).putObject("nodeSelector");
            nodeSelector.forEach(selector::put);
        }
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode object(List<String> images, int padding) {
        ObjectNode pod = node().put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", "shop-7d4f9c6b5-x2x8q").put("generateName", "shop-7d4f9c6b5-");
        metadata.put("namespace", "shop").put("uid", "4a0e9f24-7a5b-4a7e-9b0a-3a6bb7f8c111");
        metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        metadata.putObject("labels").put("app", "shop").put("pod-template-hash", "7d4f9c6b5");
        if (padding > 0) {
            metadata.putObject("annotations").put("example.org/notes", "0123456789 \"quoted\" ".repeat(padding / 40));
        }
        owner(metadata.putArray("ownerReferences").addObject());
        managed(metadata.putArray("managedFields").addObject(), images.size());
        spec(pod.putObject("spec"), images, padding / 2);
        pod.putObject("status").put("phase", "Pending").put("qosClass", "Burstable");
        return pod;
    }

    private static void owner(ObjectNode owner) {
        owner.put("apiVersion", "apps/v1").put("kind", "ReplicaSet").put("name", "shop-7d4f9c6b5");
        owner.put("uid", "0a4a0b3e-77a4-4c8e-8d2e-1f8a3c9d2b10");
        owner.put("controller", true).put("blockOwnerDeletion", true);
    }

    private static void managed(ObjectNode managed, int containers) {
        managed.put("manager", "kube-controller-manager").put("operation", "Update");
        managed.put("apiVersion", "v1").put("time", "2026-01-01T00:00:00Z").put("fieldsType", "FieldsV1");
        ObjectNode fields = managed.putObject("fieldsV1");
        fields.putObject("f:metadata").putObject("f:labels").putObject("f:app");
        ObjectNode list = fields.putObject("f:spec").putObject("f:containers");
        for (int i = 0; i < containers; i++) {
            ObjectNode container = list.putObject("k:{\"name\":\"c" + i + "\"}");
            List.of("f:image", "f:imagePullPolicy", "f:name", "f:resources", "f:terminationMessagePath")
                    .forEach(container::putObject);
        }
    }

    private static void spec(ObjectNode spec, List<String> images, int padding) {
        ObjectNode volume = spec.putArray("volumes").addObject().put("name", "kube-api-access-7hq2z");
        ArrayNode sources =
                volume.putObject("projected").put("defaultMode", 420).putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", 3607)
                .put("path", "token");
        sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        ArrayNode containers = spec.putArray("containers");
        for (int i = 0; i < images.size(); i++) {
            container(containers.addObject().put("name", "c" + i).put("image", images.get(i)));
        }
        ArrayNode environment = ((ObjectNode) containers.get(0)).putArray("env");
        for (int i = 0; i < padding / 60; i++) {
            environment.addObject().put("name", "VARIABLE_" + i).put("value", "a value of some length");
        }
        spec.put("restartPolicy", "Always").put("terminationGracePeriodSeconds", 30);
        spec.put("dnsPolicy", "ClusterFirst")
                .put("serviceAccountName", "default")
                .put("serviceAccount", "default");
        spec.putObject("securityContext");
        spec.put("schedulerName", "default-scheduler").put("priority", 0).put("enableServiceLinks", true);
        ArrayNode tolerations = spec.putArray("tolerations");
        for (String key : List.of("not-ready", "unreachable")) {
            tolerations
                    .addObject()
                    .put("key", "node.kubernetes.io/" + key)
                    .put("operator", "Exists")
                    .put("effect", "NoExecute")
                    .put("tolerationSeconds", 300);
        }
    }

    private static void container(ObjectNode container) {
        container
                .putArray("ports")
                .addObject()
                .put("name", "http")
                .put("containerPort", 8080)
                .put("protocol", "TCP");
        ObjectNode resources = container.putObject("resources");
        resources.putObject("requests").put("cpu", "100m").put("memory", "128Mi");
        resources.putObject("limits").put("memory", "256Mi");
        container
                .putArray("volumeMounts")
                .addObject()
                .put("name", "kube-api-access-7hq2z")
                .put("readOnly", true)
                .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount");
        ObjectNode probe = container.putObject("readinessProbe");
        probe.putObject("httpGet").put("path", "/ready").put("port", "http").put("scheme", "HTTP");
        probe.put("timeoutSeconds", 1).put("periodSeconds", 10).put("successThreshold", 1);
        container.put("terminationMessagePath", "/dev/termination-log").put("terminationMessagePolicy", "File");
        container.put("imagePullPolicy", "IfNotPresent");
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }
}
