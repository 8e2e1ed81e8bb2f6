package dev.stowage.serve;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The reviews of a rehearsal: every kind that holds pods, created and changed, with images of every outcome. */
final class RehearsalScript {

    private record Kind(String group, String version, String name, String resource, String before, String after) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("", "v1", "Pod", "pods", "", ""),
            template("apps", "v1", "Deployment", "deployments"),
            template("apps", "v1", "ReplicaSet", "replicasets"),
            template("apps", "v1", "StatefulSet", "statefulsets"),
            template("apps", "v1", "DaemonSet", "daemonsets"),
            template("batch", "v1", "Job", "jobs"),
            new Kind(
                    "batch",
                    "v1",
                    "CronJob",
                    "cronjobs",
                    "{\"schedule\":\"0 0 * * *\",\"jobTemplate\":{\"spec\":{\"template\":{\"metadata\":{},\"spec\":",
                    "}}}}"),
            template("", "v1", "ReplicationController", "replicationcontrollers"));

    /** Pods that are new, then new ones of images that are known. */
    private static final int KNOWN_AFTER = 3 * 2 * KINDS.size();

    private final String namespace;
    private final List<String> runs;
    private final String doesNotRun;
    private final String absent;

    /**
     * @param namespace where the workloads are said to be
     * @param runs repositories of images that run
     * @param doesNotRun a repository of images that run nowhere
     * @param absent a repository that does not exist
     */
    RehearsalScript(String namespace, List<String> runs, String doesNotRun, String absent) {
        this.namespace = namespace;
        this.runs = List.copyOf(runs);
        this.doesNotRun = doesNotRun;
        this.absent = absent;
    }

    /** One that needs no registry: of a pod whose first image is never pulled, and whose second is not named yet. */
    static byte[] withoutRegistry() {
        String pod = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"warm-up\"},\"spec\":"
                + "{\"nodeSelector\":{\"kubernetes.io/os\":\"linux\"},\"containers\":["
                + "{\"name\":\"a\",\"image\":\"warm-up.invalid/a:1\",\"imagePullPolicy\":\"Never\"},"
                + "{\"name\":\"b\",\"image\":\"\"}]}}";
        return review("warm-up", KINDS.get(0), "stowage-warm-up", "CREATE", pod, "null", true);
    }

    /** The body of a review. */
    byte[] review(int number) {
        Kind kind = KINDS.get(number % KINDS.size());
        // The first of every kind and outcome meet a registry, as does one in eight of the others.
        int tag = number < KNOWN_AFTER || number % 8 == 0 ? number : number % KNOWN_AFTER;
        boolean change = number / KINDS.size() % 2 == 1;
        String object = object(kind, second(number), tag);
        String old = change ? object(kind, runs.get(0), tag + 1) : "null";
        return review("warm-up-" + number, kind, namespace, change ? "UPDATE" : "CREATE", object, old, false);
    }

    /** The image that makes the outcome. */
    private String second(int number) {
        return switch (number / KINDS.size() % 3) {
            case 0 -> runs.get(number % runs.size());
            case 1 -> doesNotRun;
            default -> absent;
        };
    }

    private String object(Kind kind, String second, int tag) {
        String apiVersion = kind.group().isEmpty() ? kind.version() : kind.group() + "/" + kind.version();
        return "{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind.name()
                + "\",\"metadata\":{\"name\":\"warm-up\","
                + "\"namespace\":\"" + namespace
                + "\",\"labels\":{\"app\":\"warm-up\"},\"managedFields\":[{\"manager\":"
                + "\"kubectl\",\"operation\":\"Update\",\"fieldsV1\":{\"f:spec\":{\"f:containers\":{\".\":{}}}}}]},\"spec\":"
                + kind.before() + podSpec(second, tag) + kind.after() + ",\"status\":{}}";
    }

    private String podSpec(String second, int tag) {
        StringBuilder spec = new StringBuilder("{\"serviceAccountName\":\"default\",\"nodeSelector\":"
                + "{\"kubernetes.io/os\":\"linux\"},\"tolerations\":[{\"key\":\"node.kubernetes.io/not-ready\","
                + "\"operator\":\"Exists\",\"effect\":\"NoExecute\",\"tolerationSeconds\":300}],\"affinity\":"
                + "{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":"
                + "[{\"matchExpressions\":[{\"key\":\"kubernetes.io/os\",\"operator\":\"In\",\"values\":[\"linux\"]}]}]}}},"
                + "\"restartPolicy\":\"Always\",\"securityContext\":{},\"containers\":[");
        spec.append(container("a", runs.get(tag % runs.size()), tag)).append(',');
        spec.append(container("b", second, tag)).append("],\"initContainers\":[");
        return spec.append(container("c", runs.get(0), tag)).append("]}").toString();
    }

    private static String container(String name, String repository, int tag) {
        return "{\"name\":\"" + name + "\",\"image\":\"" + repository + ":" + tag + "\",\"imagePullPolicy\":"
                + "\"IfNotPresent\",\"env\":[{\"name\":\"A\",\"value\":\"\\\"b\\\" \\u00e9\"}],\"resources\":{\"limits\":"
                + "{\"memory\":\"64Mi\"}},\"ports\":[{\"containerPort\":8080,\"protocol\":\"TCP\"}]}";
    }

    private static byte[] review(
            String uid, Kind kind, String namespace, String operation, String object, String old, boolean dryRun) {
        String text = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\""
                + uid
                + "\",\"operation\":\"" + operation + "\",\"dryRun\":" + dryRun + ",\"kind\":{\"group\":\""
                + kind.group()
                + "\",\"version\":\"" + kind.version() + "\",\"kind\":\"" + kind.name()
                + "\"},\"resource\":{\"group\":\""
                + kind.group() + "\",\"version\":\"" + kind.version() + "\",\"resource\":\"" + kind.resource()
                + "\"},\"name\":\"warm-up\",\"namespace\":\"" + namespace + "\",\"userInfo\":{\"username\":\"stowage\","
                + "\"groups\":[\"system:authenticated\"]},\"object\":" + object + ",\"oldObject\":" + old + "}}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Kind template(String group, String version, String name, String resource) {
        return new Kind(group, version, name, resource, "{\"template\":{\"metadata\":{},\"spec\":", "}}");
    }
}
