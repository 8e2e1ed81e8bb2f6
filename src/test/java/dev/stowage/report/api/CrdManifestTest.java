package dev.stowage.report.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The CRD that is installed is the one that the model says. */
class CrdManifestTest {

    private static final String FIX = "mvn -q test -Dtest=CrdManifestTest -Dcrd.write";

    @Test
    void theManifestIsThatOfTheModel() throws Exception {
        String expected = CrdManifest.fromModel();
        if (System.getProperty("crd.write") != null) {
            Files.createDirectories(CrdManifest.INSTALLED.getParent());
            Files.writeString(CrdManifest.INSTALLED, expected);
        }

        assertThat(Files.exists(CrdManifest.INSTALLED) ? Files.readString(CrdManifest.INSTALLED) : "")
                .describedAs("%s differs from the model; fix it with: %s", CrdManifest.INSTALLED, FIX)
                .isEqualTo(expected);
    }

    /** Users and their scripts read these fields: to rename one is to break them. */
    @Test
    void theFieldsOfTheStatusAreThese() throws Exception {
        JsonNode properties = new ObjectMapper(new YAMLFactory())
                .readTree(CrdManifest.fromModel())
                .at("/spec/versions/0/schema/openAPIV3Schema/properties");

        assertThat(names(properties.at("/spec/properties"))).containsExactly("image", "platforms");
        assertThat(names(properties.at("/status/properties")))
                .containsExactly(
                        "about",
                        "attestations",
                        "attestationsTotal",
                        "checkedFor",
                        "checkedPlatforms",
                        "checkedTime",
                        "conditions",
                        "digest",
                        "lastDenial",
                        "mediaType",
                        "message",
                        "missingPlatforms",
                        "movedTime",
                        "observedGeneration",
                        "platforms",
                        "platformsTotal",
                        "previousDigest",
                        "reason",
                        "resolvedTime",
                        "summary",
                        "unusedSinceTime",
                        "usedBy",
                        "usedByTotal",
                        "verdict");
        assertThat(names(properties.at("/status/properties/checkedPlatforms/items/properties")))
                .containsExactly("message", "platform", "reason", "runtime", "verdict");
        assertThat(names(properties.at("/status/properties/platforms/items/properties")))
                .containsExactly("digest", "platform", "verdict");
        assertThat(names(properties.at("/status/properties/attestations/items/properties")))
                .containsExactly("digest", "subject");
        assertThat(names(properties.at("/status/properties/usedBy/items/properties")))
                .containsExactly("container", "kind", "mode", "name");
        assertThat(names(properties.at("/status/properties/lastDenial/properties")))
                .containsExactly("count", "message", "time", "workload");
        assertThat(names(properties.at("/status/properties/summary/properties")))
                .containsExactly("missingPlatforms", "platforms", "steered", "usedBy");
        assertThat(names(properties.at("/status/properties/conditions/items/properties")))
                .containsExactly("lastTransitionTime", "message", "observedGeneration", "reason", "status", "type");
    }

    private static List<String> names(JsonNode properties) {
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names.stream().sorted().toList();
    }

    @Test
    void theColumnsAreThese() throws Exception {
        JsonNode columns = new ObjectMapper(new YAMLFactory())
                .readTree(CrdManifest.fromModel())
                .at("/spec/versions/0/additionalPrinterColumns");
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add((column.path("priority").asInt() > 0 ? "wide " : "")
                + column.path("name").asText()));

        assertThat(names)
                .containsExactly(
                        "IMAGE",
                        "VERDICT",
                        "REASON",
                        "PLATFORMS",
                        "MISSING",
                        "USED BY",
                        "AGE",
                        "wide DIGEST",
                        "wide ATTESTATIONS",
                        "wide STEERED",
                        "wide CHECKED");
    }
}
