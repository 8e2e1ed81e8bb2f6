package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The table of values in the chart's README, which comes from {@code values.yaml} and its schema. With {@code -Dchart.readme=write} it is
 * written.
 */
class ChartReadmeTest {

    private static final Path FOLDER = Path.of("helm", "stowage");
    private static final Path README = FOLDER.resolve("README.md");
    private static final String BEGIN = "<!-- values: begin -->\n";
    private static final String END = "<!-- values: end -->\n";

    @Test
    @DisplayName("the table has every value with its default and what it means")
    void values() throws Exception {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);

        String written = readme.substring(0, begin) + table() + readme.substring(end);
        if ("write".equals(System.getProperty("chart.readme"))) {
            Files.writeString(README, written);
        }

        assertThat(readme)
                .as("hack/render-manifests writes it")
                .isEqualTo("write".equals(System.getProperty("chart.readme")) ? readme : written);
    }

    private static String table() throws Exception {
        JsonNode values = new ObjectMapper(new YAMLFactory())
                .readTree(FOLDER.resolve("values.yaml").toFile());
        JsonNode schema =
                new ObjectMapper().readTree(FOLDER.resolve("values.schema.json").toFile());
        List<String> rows = new ArrayList<>(List.of("| value | default | what it means |", "| --- | --- | --- |"));
        rows(schema, values, "", rows);
        return String.join("\n", rows) + "\n";
    }

    private static void rows(JsonNode schema, JsonNode values, String path, List<String> rows) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String name = path + property.getKey();
            JsonNode value = values.path(property.getKey());
            // the configuration has a page of its own
            if (property.getValue().has("properties") && !name.equals("config")) {
                rows(property.getValue(), value, name + ".", rows);
            } else {
                rows.add("| `" + name + "` | " + shown(value) + " | "
                        + property.getValue().path("description").asText().replace("|", "\\|") + " |");
            }
        }
    }

    private static String shown(JsonNode value) {
        boolean empty = value.isMissingNode()
                || value.isNull()
                || value.isContainerNode() && value.isEmpty()
                || value.isTextual() && value.asText().isEmpty();
        return empty ? "" : "`" + (value.isTextual() ? value.asText() : value.toString()) + "`";
    }
}
