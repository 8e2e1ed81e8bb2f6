package dev.stowage.report.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.node.SchedulingRules;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder: {@code in-observation.yaml} says what is observed, {@code in-status.yaml}, if there is one, what was written before,
 * and {@code out-status.yaml} what is to be written.
 */
record StatusCase(Path folder) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER))
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY);

    Instant now() throws IOException {
        return Instant.parse(in().get("now").asText());
    }

    Optional<ImageReportStatus> before() throws IOException {
        Path file = folder.resolve("in-status.yaml");
        return Files.exists(file)
                ? Optional.of(YAML.readValue(Files.readString(file), ImageReportStatus.class))
                : Optional.empty();
    }

    String expected() throws IOException {
        Path file = folder.resolve("out-status.yaml");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    static String yaml(ImageReportStatus status) throws IOException {
        return YAML.writeValueAsString(status);
    }

    private JsonNode in() throws IOException {
        return YAML.readTree(Files.readString(folder.resolve("in-observation.yaml")));
    }

    ReconcileInput observation() throws IOException {
        JsonNode in = in();
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        in.path("nodes").forEach(node -> profiles.add(NodeProfile.of(Platform.parse(node.asText()))));
        boolean nodesKnown = !profiles.isEmpty();
        if (!nodesKnown) {
            profiles.addAll(WorkloadAssessor.DEFAULT_PROFILES);
        }
        return new ReconcileInput(
                in.path("generation").asLong(1), before(), usage(in), profiles, nodesKnown, look(in, profiles));
    }

    private static ImageUsage usage(JsonNode in) {
        List<ImageUser> users = new ArrayList<>();
        for (JsonNode user : in.path("users")) {
            String[] parts = user.asText().split("/");
            users.add(new ImageUser(
                    parts[0], parts[1], "apps/v1", "uid", parts[2], ImageUse.Role.MAIN, false, false, pods(parts[1])));
        }
        return new ImageUsage(users);
    }

    private static Workload pods(String name) {
        return new Workload(
                "Deployment",
                "shop",
                name,
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
    }

    private static Optional<ImageScan> look(JsonNode in, Set<NodeProfile> profiles) {
        if (!in.has("looks")) {
            return Optional.empty();
        }
        Set<NodeProfile> asked = new LinkedHashSet<>();
        in.path("asked").forEach(node -> asked.add(NodeProfile.of(Platform.parse(node.asText()))));
        String reference = "registry.example/shop/web:1";
        ImageAssessment assessment = new EngineAssessor(
                        "docker.io", new ImageResolver(registry(in.get("looks")), new DocumentReader()), new Judge())
                .assess(
                        reference,
                        Assessor.Purpose.RUN,
                        asked.isEmpty() ? profiles : asked,
                        Assessor.Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join();
        return Optional.of(new ImageScan(
                assessment,
                asked.isEmpty() ? ImageScan.Scope.FULL : ImageScan.Scope.NEW_PLATFORMS,
                Assessor.Purpose.RUN));
    }

    private static MemoryRegistry registry(JsonNode looks) {
        MemoryRegistry registry = new MemoryRegistry();
        SampleImages images = new SampleImages(registry);
        List<Descriptor> entries = new ArrayList<>();
        for (JsonNode held : looks.path("holds")) {
            Descriptor image = images.image(Platform.parse(held.asText()));
            entries.add(image);
            if (looks.path("attested").asBoolean()) {
                entries.add(images.attestation(image));
            }
        }
        for (int i = 0; i < looks.path("holdsMany").asInt(); i++) {
            Platform platform = Platform.of("linux", "cpu" + i);
            entries.add(images.image(platform));
        }
        if (looks.path("onlyAttestations").asBoolean()) {
            entries.add(images.attestation(images.image(Platform.of("linux", "amd64"))));
        }
        if (!entries.isEmpty()) {
            images.index("1", entries.toArray(Descriptor[]::new));
        }
        if (looks.has("failure")) {
            registry.fail("1", RegistryFailure.Kind.valueOf(looks.get("failure").asText()));
        }
        return registry;
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
