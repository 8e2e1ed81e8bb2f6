package dev.stowage.apiserver;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A row of the table of node eligibility, as a pod spec, with what the real scheduler answers and how Stowage's answer differs.
 *
 * @param name number and words
 * @param spec fields of the pod spec as YAML; {@code NAMESPACED} stands for a pod in the namespace that selects nodes
 * @param pod where the scheduler puts such a pod
 * @param daemonSet where it puts the pods of such a DaemonSet
 * @param ours Stowage's answer; where it is not that of the scheduler, the row says why
 */
record EligibilityRow(String name, String spec, Set<String> pod, Set<String> daemonSet, Set<String> ours) {

    /** The pods of this row are in the namespace that has the annotation. */
    static final String NAMESPACED = "# in the namespace with the annotation";

    /** A row whose pods bypass the scheduler. */
    static final String BYPASSES = "nodeName";

    private static final String PLAIN = "amd arm amd-prefer nolabels";
    private static final String TOLERATE_ALL = "tolerations: [{operator: Exists}]\n";
    private static final String ALL = PLAIN + " arm-taint amd-cordon arm-notready cp win gpu arm-arch amd-starting";

    /** A node that a DaemonSet's pods tolerate although it is cordoned. */
    private static final String CORDONED = "amd-cordon";

    /** Nodes of an architecture, excluded by nothing else: the scheduler's answer is no for now, and Stowage counts them. */
    private static final String NOT_READY_AMD = CORDONED + " amd-starting";

    private static final String NOT_READY = "arm-notready";
    private static final String NOT_READY_ANY = NOT_READY_AMD + " " + NOT_READY;

    /** Where Stowage's answer may be yes and the scheduler's no. */
    static final Set<String> PASSING = set(NOT_READY_ANY + " arm-arch");

    /** Google's GKE adds the toleration for pods that name the architecture; the scheduler here sees pods without it. */
    private static final String NAMED_ARM = NOT_READY + " arm-arch";

    @Override
    public String toString() {
        return name;
    }

    /** Whether pods of this row are in the namespace with the annotation. */
    boolean namespaced() {
        return spec.startsWith(NAMESPACED);
    }

    /** Whether the scheduler is never contacted about pods of this row. */
    boolean bypasses() {
        return spec.startsWith(BYPASSES);
    }

    /** Stowage's answer for such a DaemonSet: where its pods land, and where they will once nodes come back. */
    Set<String> oursOfDaemonSet() {
        Set<String> ours = new TreeSet<>(ours());
        ours.removeIf(node -> !daemonSet.contains(node) && !PASSING.contains(node));
        return ours;
    }

    /** The row's name in the form of names of objects: {@code nodeselector-os-windows}. */
    String label() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** All rows that the API server takes. */
    static List<EligibilityRow> all() {
        return List.of(
                row("nothing set", "", PLAIN, CORDONED, NOT_READY_ANY),
                row("nodeSelector arch=arm64", select("kubernetes.io/arch: arm64"), "arm", "", NAMED_ARM),
                row(
                        "nodeSelector beta arch=amd64",
                        select("beta.kubernetes.io/arch: amd64"),
                        "amd amd-prefer",
                        CORDONED,
                        NOT_READY_AMD),
                row("nodeSelector os=windows", select("kubernetes.io/os: windows"), "", "", ""),
                row(
                        "nodeSelector os=windows and toleration",
                        select("kubernetes.io/os: windows")
                                + "tolerations: [{key: os, value: windows, effect: NoSchedule}]\n",
                        "win",
                        "",
                        ""),
                row(
                        "affinity arch In [amd64, arm64]",
                        arch("In", "[amd64, arm64]"),
                        "amd arm amd-prefer",
                        CORDONED,
                        NOT_READY_ANY + " arm-arch"),
                row(
                        "affinity arch NotIn [arm64]",
                        arch("NotIn", "[arm64]"),
                        "amd amd-prefer nolabels",
                        CORDONED,
                        NOT_READY_AMD),
                row("affinity arch DoesNotExist", arch("DoesNotExist", "[]"), "nolabels", "", ""),
                row("affinity arch Exists", arch("Exists", "[]"), "amd arm amd-prefer", CORDONED, NOT_READY_ANY),
                row(
                        "two terms (arm64 | windows), tolerate all",
                        TOLERATE_ALL
                                + terms("{matchExpressions: [" + expression("kubernetes.io/arch", "In", "[arm64]")
                                        + "]}, " + "{matchExpressions: ["
                                        + expression("kubernetes.io/os", "In", "[windows]") + "]}"),
                        "arm arm-taint arm-notready arm-arch win",
                        "",
                        ""),
                row(
                        "one term arm64 AND windows",
                        terms("{matchExpressions: [" + expression("kubernetes.io/arch", "In", "[arm64]") + ", "
                                + expression("kubernetes.io/os", "In", "[windows]") + "]}"),
                        "",
                        "",
                        ""),
                row(
                        "nodeSelector amd64 AND affinity arm64",
                        select("kubernetes.io/arch: amd64") + arch("In", "[arm64]"),
                        "",
                        "",
                        ""),
                row("one empty term", terms("{}"), "", "", ""),
                row(
                        "preferred arm64 only",
                        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference:"
                                + " {matchExpressions: [" + expression("kubernetes.io/arch", "In", "[arm64]")
                                + "]}}]}}\n",
                        PLAIN,
                        CORDONED,
                        NOT_READY_ANY),
                row(
                        "matchFields metadata.name In [arm]",
                        terms("{matchFields: [" + expression("metadata.name", "In", "[arm]") + "]}"),
                        "arm",
                        "",
                        ""),
                row("nodeName=arm", "nodeName: arm\n", "arm", "", ""),
                // the kubelet reads NoExecute only; a DaemonSet's controller does not put a pod there
                new EligibilityRow(
                        "nodeName=arm-taint", "nodeName: arm-taint\n", set("arm-taint"), Set.of(), set("arm-taint")),
                row(
                        "tolerate arch=arm64:NoSchedule",
                        "tolerations: [{key: arch, operator: Equal, value: arm64, effect: NoSchedule}]\n",
                        PLAIN + " arm-taint",
                        CORDONED,
                        NOT_READY_ANY),
                row(
                        "tolerate arch Exists, no effect",
                        "tolerations: [{key: arch, operator: Exists}]\n",
                        PLAIN + " arm-taint",
                        CORDONED,
                        NOT_READY_ANY),
                row(
                        "tolerate arch=amd64",
                        "tolerations: [{key: arch, operator: Equal, value: amd64}]\n",
                        PLAIN,
                        CORDONED,
                        NOT_READY_ANY),
                row("tolerate everything", TOLERATE_ALL, ALL, "", ""),
                row(
                        "default not-ready and unreachable tolerations",
                        "tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute},"
                                + " {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute}]\n",
                        PLAIN,
                        CORDONED,
                        NOT_READY_ANY),
                row("nodeSelector arch=ARM64 in upper case", select("kubernetes.io/arch: ARM64"), "", "", ""),
                row("nodeSelector hostname=arm", select("kubernetes.io/hostname: arm"), "arm", "", ""),
                row("affinity arch Gt 1", arch("Gt", "[\"1\"]"), "", "", ""),
                // the DaemonSet controller does not know the toleration that the RuntimeClass adds
                new EligibilityRow(
                        "RuntimeClass with nodeSelector arch=arm64 and a toleration",
                        "runtimeClassName: crosscheck\n",
                        set("arm arm-taint"),
                        set("arm"),
                        set("arm arm-taint " + NAMED_ARM)),
                // the scheduler ignores it, but the kubelets of other systems refuse the pod
                new EligibilityRow(
                        "spec.os.name=windows, tolerate all",
                        "os: {name: windows}\n" + TOLERATE_ALL,
                        set(ALL),
                        set(ALL),
                        set("win")),
                new EligibilityRow(
                        "spec.os.name=linux",
                        "os: {name: linux}\n",
                        set(PLAIN),
                        set(PLAIN + " " + CORDONED),
                        set(PLAIN + " " + NOT_READY_ANY)),
                // the API server adds the toleration to pods; the DaemonSet controller does not know it
                new EligibilityRow(
                        "a container with nvidia.com/gpu",
                        gpu("initContainers", "{limits: {nvidia.com/gpu: 1}}"),
                        set("gpu"),
                        Set.of(),
                        set("gpu")),
                row(
                        "a container with nvidia.com/gpu, tolerated",
                        gpu("initContainers", "{requests: {nvidia.com/gpu: 2}, limits: {nvidia.com/gpu: 2}}")
                                + "tolerations: [{key: nvidia.com/gpu, operator: Exists}]\n",
                        "gpu",
                        "",
                        ""),
                row(
                        "a container with example.com/fpga",
                        gpu("initContainers", "{limits: {example.com/fpga: 1, cpu: 10m}}"),
                        "arm",
                        "",
                        ""),
                row(
                        "a container with a resource that no node has",
                        gpu("initContainers", "{limits: {example.com/none: 1}}"),
                        "",
                        "",
                        ""),
                row(
                        "a container with zero of nvidia.com/gpu",
                        gpu("initContainers", "{limits: {nvidia.com/gpu: 0}}") + select("kubernetes.io/hostname: arm"),
                        "arm",
                        "",
                        ""),
                row(
                        "tolerate kubernetes.io/arch=arm64",
                        "tolerations: [{key: kubernetes.io/arch, value: arm64, effect: NoSchedule}]\n",
                        PLAIN + " arm-arch",
                        CORDONED,
                        NOT_READY_ANY),
                row(
                        "namespace annotation arch=amd64, pod os=linux",
                        NAMESPACED + "\n" + select("kubernetes.io/os: linux"),
                        "amd amd-prefer",
                        CORDONED,
                        NOT_READY_AMD));
    }

    private static EligibilityRow row(String name, String spec, String pod, String moreForADaemonSet, String passing) {
        return new EligibilityRow(name, spec, set(pod), set(pod + " " + moreForADaemonSet), set(pod + " " + passing));
    }

    private static String gpu(String list, String resources) {
        return list + ": [{name: gpu, image: registry.example/app:1, resources: " + resources + "}]\n";
    }

    private static String select(String label) {
        return "nodeSelector: {\"" + label.replace(": ", "\": ") + "}\n";
    }

    private static String arch(String operator, String values) {
        return terms("{matchExpressions: [" + expression("kubernetes.io/arch", operator, values) + "]}");
    }

    static String terms(String terms) {
        return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + terms
                + "]}}}\n";
    }

    static String expression(String key, String operator, String values) {
        return "{key: " + key + ", operator: " + operator + (values.equals("[]") ? "" : ", values: " + values) + "}";
    }

    private static Set<String> set(String names) {
        Set<String> set = new TreeSet<>(Arrays.asList(names.strip().split(" +")));
        set.remove("");
        return set;
    }
}
