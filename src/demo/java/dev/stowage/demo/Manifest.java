package dev.stowage.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * An object as a user writes it into a file.
 *
 * @param kind what it is
 * @param name its name
 * @param content the object; not to be changed
 */
record Manifest(Kind kind, String name, ObjectNode content) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES));

    /** The kinds that the demonstration applies. */
    enum Kind {
        POD("Pod", "", "pods", "pod"),
        DEPLOYMENT("Deployment", "apps", "deployments", "deployment.apps");

        private final String label;
        private final String group;
        private final String resource;
        private final String kubectlName;

        Kind(String label, String group, String resource, String kubectlName) {
            this.label = label;
            this.group = group;
            this.resource = resource;
            this.kubectlName = kubectlName;
        }

        /** As in {@code kind:}. */
        String label() {
            return label;
        }

        /** The API group; empty for the core group. */
        String group() {
            return group;
        }

        /** The plural that stands in paths and rules. */
        String resource() {
            return resource;
        }

        /** What kubectl calls it when it tells what it did. */
        String kubectlName() {
            return kubectlName;
        }

        /** As in {@code apiVersion:}. */
        String apiVersion() {
            return group.isEmpty() ? "v1" : group + "/v1";
        }

        /** Where the default namespace's objects of this kind are created. */
        String path() {
            return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1") + "/namespaces/default/" + resource;
        }
    }

    /** A Pod of one container that runs on the nodes with these labels. */
    static Manifest pod(String name, String image, Map<String, String> nodeSelector) {
        ObjectNode pod = object(Kind.POD, name);
        pod.set("spec", podSpec(image, nodeSelector));
        return new Manifest(Kind.POD, name, pod);
    }

    /** A Deployment of three such pods, anywhere. */
    static Manifest deployment(String name, String image) {
        ObjectNode deployment = object(Kind.DEPLOYMENT, name);
        ObjectNode spec = deployment.putObject("spec").put("replicas", 3);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        template.set("spec", podSpec(image, Map.of()));
        return new Manifest(Kind.DEPLOYMENT, name, deployment);
    }

    /** The image of its only container. */
    String image() {
        return content.findPath("image").asText();
    }

    /** The name of the file that it stands in. */
    String file() {
        return name + ".yaml";
    }

    /** Writes it as YAML into this folder. */
    void writeTo(Path folder) throws IOException {
        Files.write(folder.resolve(file()), YAML.writeValueAsBytes(content));
    }

    private static ObjectNode object(Kind kind, String name) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", kind.apiVersion())
                .put("kind", kind.label());
        object.putObject("metadata").put("name", name).put("namespace", "default");
        return object;
    }

    private static ObjectNode podSpec(String image, Map<String, String> nodeSelector) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        if (!nodeSelector.isEmpty()) {
            ObjectNode selector = spec.putObject("nodeSelector");
            nodeSelector.forEach(selector::put);
        }
        spec.putArray("containers").addObject().put("name", "app").put("image", image);
        return spec;
    }
}
