package dev.stowage.report.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The CRD as it is installed: what the build generates from {@link ImageReport}, with what the generator cannot express. It sorts
 * the columns by path and doubles the rules of records.
 */
public final class CrdManifest {

    static final Path GENERATED = Path.of("target/classes/META-INF/fabric8/imagereports.stowage.dev-v1.yml");
    public static final Path INSTALLED = Path.of("k8s/crd-imagereports.yaml");

    private static final String HEAD = "# Generated from dev.stowage.report.api.ImageReport; see CONTRIBUTING.md.\n";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

    private CrdManifest() {}

    /** The CRD as it is installed. */
    public static CustomResourceDefinition installed() throws IOException {
        return Serialization.unmarshal(Files.readString(INSTALLED), CustomResourceDefinition.class);
    }

    static String fromModel() throws IOException {
        ObjectNode crd = (ObjectNode) YAML.readTree(Files.readString(GENERATED));
        for (JsonNode version : crd.at("/spec/versions")) {
            ObjectNode each = (ObjectNode) version;
            each.set("additionalPrinterColumns", columns(each.withArray("additionalPrinterColumns")));
            ObjectNode schema = (ObjectNode) each.at("/schema/openAPIV3Schema");
            schema.put(
                    "description",
                    "The report about one image in one namespace: the platforms that the image contains, the platforms of"
                            + " the cluster's nodes that it runs on, and the workloads that use it. Stowage keeps one for"
                            + " each image in use; create one to check another image.");
            schema.putArray("required").add("spec");
            ObjectNode properties = (ObjectNode) schema.get("properties");
            properties.withObject("/spec").put("description", "The image that the report is about.");
            properties.withObject("/status").put("description", "The result of the check. Only Stowage writes it.");
            // The generator has no bounds for the elements of lists, and rules over unbounded texts cost too much.
            properties.withObject("/spec/properties/platforms/items").put("maxLength", 64);
            properties.withObject("/status/properties/about/items").put("maxLength", 512);
            properties.withObject("/status/properties/missingPlatforms/items").put("maxLength", 128);
            ObjectNode conditions = properties.withObject("/status/properties/conditions");
            conditions.put("x-kubernetes-list-type", "map");
            conditions.putArray("x-kubernetes-list-map-keys").add("type");
            clean(schema);
        }
        return HEAD + YAML.writeValueAsString(crd);
    }

    private static ArrayNode columns(ArrayNode generated) {
        ArrayNode ordered = YAML.createArrayNode();
        for (AdditionalPrinterColumn column : ImageReport.class.getAnnotationsByType(AdditionalPrinterColumn.class)) {
            for (JsonNode one : generated) {
                if (one.get("name").asText().equals(column.name())) {
                    ordered.add(one);
                }
            }
        }
        return ordered;
    }

    private static void clean(JsonNode node) {
        if (node instanceof ObjectNode object && object.get("x-kubernetes-validations") instanceof ArrayNode rules) {
            Set<JsonNode> seen = new HashSet<>();
            ArrayNode once = YAML.createArrayNode();
            rules.forEach(rule -> {
                if (seen.add(rule)) {
                    once.add(rule);
                }
            });
            object.set("x-kubernetes-validations", once);
        }
        node.forEach(CrdManifest::clean);
    }
}
