package dev.stowage.workload;

import dev.stowage.json.JsonFields;
import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.node.Toleration;
import dev.stowage.workload.ImageUse.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the fields of a pod spec (core/v1 PodSpec) that Stowage needs. */
final class PodSpecReader {

    private final JsonFields spec;

    PodSpecReader(JsonFields spec) {
        this.spec = spec;
    }

    List<ImageUse> images() {
        List<ImageUse> images = new ArrayList<>();
        for (JsonFields container : spec.objects("initContainers")) {
            boolean sidecar = container.text("restartPolicy").equals("Always");
            images.add(container(sidecar ? Role.SIDECAR : Role.INIT, container));
        }
        spec.objects("containers").forEach(container -> images.add(container(Role.MAIN, container)));
        spec.objects("ephemeralContainers").forEach(container -> images.add(container(Role.EPHEMERAL, container)));
        for (JsonFields volume : spec.objects("volumes")) {
            volume.object("image")
                    .ifPresent(image -> images.add(new ImageUse(
                            Role.VOLUME,
                            volume.text("name"),
                            image.text("reference"),
                            image.text("pullPolicy").equals("Never"))));
        }
        return images;
    }

    private static ImageUse container(Role role, JsonFields container) {
        return new ImageUse(
                role,
                container.text("name"),
                container.text("image"),
                container.text("imagePullPolicy").equals("Never"));
    }

    /**
     * @param template whether these are the pods of a template, to which the API server may add tolerations. The DaemonSet controller
     *     chooses nodes by what the template itself tolerates
     */
    SchedulingRules scheduling(boolean daemonSet, boolean template) {
        List<JsonFields> containers = new ArrayList<>();
        List.of("initContainers", "containers", "ephemeralContainers")
                .forEach(list -> containers.addAll(spec.objects(list)));
        return new SchedulingRules(
                spec.someText("nodeName"),
                spec.object("nodeSelector").map(JsonFields::asTexts).orElse(Map.of()),
                requiredAffinity(),
                spec.objects("tolerations").stream()
                        .map(PodSpecReader::toleration)
                        .toList(),
                spec.object("os").flatMap(os -> os.someText("name")),
                daemonSet,
                spec.flag("hostNetwork"),
                ExtendedResources.of(containers),
                template && !daemonSet,
                StatedPlatforms.ofScheduler(spec.text("schedulerName")));
    }

    /** Whether something else decides later where the pods run: scheduling gates keep them, or devices are allocated to them. */
    boolean placedLater() {
        return spec.hasItems("schedulingGates") || spec.hasItems("resourceClaims");
    }

    private Optional<List<NodeSelectorTerm>> requiredAffinity() {
        return spec.object("affinity")
                .flatMap(affinity -> affinity.object("nodeAffinity"))
                .flatMap(affinity -> affinity.object("requiredDuringSchedulingIgnoredDuringExecution"))
                .map(required -> required.objects("nodeSelectorTerms").stream()
                        .map(term -> new NodeSelectorTerm(
                                requirements(term, "matchExpressions"), requirements(term, "matchFields")))
                        .toList());
    }

    private static List<NodeSelectorTerm.Requirement> requirements(JsonFields term, String name) {
        return term.objects(name).stream()
                .map(requirement -> new NodeSelectorTerm.Requirement(
                        requirement.text("key"), requirement.text("operator"), requirement.texts("values")))
                .toList();
    }

    private static Toleration toleration(JsonFields toleration) {
        return new Toleration(
                toleration.text("key"),
                toleration.text("operator"),
                toleration.text("value"),
                toleration.text("effect"));
    }

    /** Without secrets that have no name, which the kubelet ignores too. */
    List<String> pullSecrets() {
        return spec.objects("imagePullSecrets").stream()
                .map(secret -> secret.text("name"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** {@code serviceAccount} is the old name of the field, which the API server still sets. */
    String serviceAccount() {
        return spec.someText("serviceAccountName")
                .or(() -> spec.someText("serviceAccount"))
                .orElse("default");
    }

    Optional<String> runtimeClass() {
        return spec.someText("runtimeClassName");
    }
}
