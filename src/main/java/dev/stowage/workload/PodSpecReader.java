package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.json.JsonFields;
import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.node.Toleration;
import dev.stowage.workload.ImageUse.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the fields of a pod spec (core/v1 PodSpec) that Stowage needs. */
final class PodSpecReader {

    /** The label or annotation by which pods ask Istio for injection. */
    static final String INJECT = "sidecar.istio.io/inject";

    /** The annotation that names what Istio injects. */
    static final String INJECTED_TEMPLATES = "inject.istio.io/templates";

    /** Volumes of text, which may be scripts but are not programs. */
    static final List<String> TEXT_VOLUMES = List.of("configMap", "secret", "downwardAPI", "projected");

    /** The image that Istio's injection replaces. */
    private static final String INJECTED_IMAGE = "auto";

    private final JsonFields spec;
    private final Predicate<String> placeholder;
    private final Set<String> textVolumes = new HashSet<>();

    /** @param placeholder recognizes images that pods will not have */
    PodSpecReader(JsonFields spec, Predicate<String> placeholder) {
        this.spec = spec;
        this.placeholder = placeholder;
        for (JsonFields volume : spec.objects("volumes")) {
            if (TEXT_VOLUMES.stream().anyMatch(volume::has)) {
                textVolumes.add(volume.text("name"));
            }
        }
    }

    /** What pods of this template will not have as image: the configured placeholders, and Istio's where they ask for injection. */
    static Predicate<String> placeholder(JsonNode metadata, Predicate<String> configured) {
        JsonNode annotations = metadata.path("annotations");
        boolean injected = metadata.path("labels").path(INJECT).asText().equals("true")
                || annotations.path(INJECT).asText().equals("true")
                || !annotations.path(INJECTED_TEMPLATES).asText().isEmpty();
        return image -> injected && image.equals(INJECTED_IMAGE) || configured.test(image);
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

    private ImageUse container(Role role, JsonFields container) {
        String image = container.text("image");
        return new ImageUse(
                role,
                container.text("name"),
                placeholder.test(image) ? "" : image,
                container.text("imagePullPolicy").equals("Never"),
                runsFromVolume(container));
    }

    /** Whether the program that the container starts is on one of its volumes, where another container has put it. */
    private boolean runsFromVolume(JsonFields container) {
        String command = container.firstText("command").orElse("");
        if (!command.startsWith("/")) {
            return false;
        }
        String program = clean(command);
        String nearest = "";
        boolean programs = false;
        for (JsonFields mount : container.objects("volumeMounts")) {
            String path = clean(mount.text("mountPath"));
            boolean file = mount.someText("subPath").isPresent()
                    || mount.someText("subPathExpr").isPresent();
            boolean holds = !path.equals("/") && program.startsWith(path + "/") || file && program.equals(path);
            if (holds && path.length() > nearest.length()) {
                nearest = path;
                programs = !textVolumes.contains(mount.text("name"));
            }
        }
        return programs;
    }

    /** An absolute path without {@code .}, {@code ..} and repeated slashes. */
    private static String clean(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return "/" + String.join("/", names);
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
