package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page and the chart's schema have exactly the keys of the configuration, with their types and defaults. */
class ConfigurationPageTest {

    private static final Pattern KEY = Pattern.compile("`([a-zA-Z]+(?:\\[]|\\.\"<host>\"|\\.[a-zA-Z]+)*)`");
    private static final String DURATION = "^([0-9]+(ms|[smhdSMHD])?|P.+)$";

    /** Where the chart allows less than the application, or the schema says more than the type does. */
    private static final Map<String, String> OTHER_TYPES =
            Map.of("nodePools[].taints[].effect", "[NoSchedule, PreferNoSchedule, NoExecute]");

    /** Keys whose default the page describes in words, since it depends on other things. */
    private static final Set<String> DEFAULTS_IN_WORDS = Set.of(
            "addresses.allowLoopback",
            "cloudCredentials.aws",
            "cloudCredentials.google",
            "cloudCredentials.azure",
            "registries.\"<host>\".insecure",
            "registries.\"<host>\".maxConcurrentRequests",
            "tls.mode",
            "tls.secretPath");

    private final Map<String, Property> keys = properties();

    @Test
    void thePageListsEveryKeyWithItsDefaultAndNoOther() throws Exception {
        Map<String, String> defaults = new TreeMap<>();
        keys.forEach((key, property) -> defaults.put(key, defaultOf(property)));
        Map<String, String> listed = new TreeMap<>();
        Files.readAllLines(Path.of("docs/configuration.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .forEach(cells -> KEY.matcher(cells[1])
                        .results()
                        .map(match -> match.group(1))
                        .filter(key -> !"registries.\"<host>\"".equals(key))
                        .forEach(key -> listed.put(
                                key,
                                DEFAULTS_IN_WORDS.contains(key)
                                        ? ""
                                        : cells[2].strip().replace("`", ""))));

        assertThat(listed).isEqualTo(defaults);
    }

    @Test
    void theSchemaOfTheChartHasEveryKeyWithItsTypeAndDefaultAndNoOther() throws Exception {
        JsonNode config = new ObjectMapper()
                .readTree(Path.of("helm/stowage/values.schema.json").toFile())
                .at("/properties/config");
        Map<String, String> expected = new TreeMap<>();
        keys.forEach((key, property) -> expected.put(
                key.replace("\"<host>\"", "*"),
                OTHER_TYPES.getOrDefault(key, typeOf(property.getMethod().getGenericReturnType())) + " "
                        + defaultOf(property)));
        Map<String, String> described = new TreeMap<>();
        leaves(config, "", described);

        assertThat(described).isEqualTo(expected);
    }

    /** {@code nodePools[].name}, {@code registries."<host>".ca}, ... */
    private static Map<String, Property> properties() {
        Map<String, Property> keys = new HashMap<>();
        ConfigMappings.getProperties(ConfigClass.configClass(StowageConfig.class))
                .forEach((name, property) -> {
                    String key = name.substring(StowageConfig.PREFIX.length() + 1)
                            .replace("[*]", "[]")
                            .replaceFirst("labels\\.\\*$", "labels")
                            .replace("*", "\"<host>\"");
                    keys.put(key.endsWith("[]") ? key.substring(0, key.length() - 2) : key, property);
                });
        return keys;
    }

    private static String defaultOf(Property property) {
        return property.hasDefaultValue() ? property.getDefaultValue() : "";
    }

    private static String typeOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            String last = typeOf(arguments[arguments.length - 1]);
            return generic.getRawType() == List.class ? "array of " + last : last;
        }
        if (type instanceof Class<?> one
                && one.isEnum()
                && !one.getPackageName().endsWith(".platform")) {
            return Arrays.stream(one.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .toList()
                    .toString();
        }
        if (type == Duration.class) {
            return DURATION;
        }
        return Map.<Type, String>of(
                        boolean.class, "boolean",
                        Boolean.class, "boolean",
                        int.class, "integer",
                        Integer.class, "integer",
                        Double.class, "number",
                        MemorySize.class, "^[0-9]+[KkMmGg]?$")
                .getOrDefault(type, "string");
    }

    private static void leaves(JsonNode schema, String key, Map<String, String> leaves) {
        Stream.of(schema, schema.path("items"), schema.path("additionalProperties"))
                .filter(node -> node.has("properties"))
                .findFirst()
                .ifPresentOrElse(
                        group -> group.path("properties")
                                .fields()
                                .forEachRemaining(property -> leaves(
                                        property.getValue(), key(key, schema, group) + property.getKey(), leaves)),
                        () -> leaves.put(
                                key.equals("credentialHelpers") ? key + ".*" : key,
                                typeOf(schema) + " " + schema.path("default").asText()));
    }

    private static String key(String key, JsonNode schema, JsonNode group) {
        if (group == schema) {
            return key.isEmpty() ? "" : key + ".";
        }
        return key + (group == schema.path("items") ? "[]." : ".*.");
    }

    private static String typeOf(JsonNode schema) {
        if (schema.has("items")) {
            return "array of " + typeOf(schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            return typeOf(schema.path("additionalProperties"));
        }
        if (schema.has("enum")) {
            return Stream.generate(schema.path("enum").elements()::next)
                    .limit(schema.path("enum").size())
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        String pattern = schema.path("pattern").asText();
        boolean typed = pattern.equals(DURATION) || pattern.startsWith("^[0-9]+[KkMm");
        return typed ? pattern : schema.path("type").asText();
    }
}
