package dev.stowage.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The API server's audit log: who created what in the namespaces whose names begin with {@code audited}, and with which annotations. */
final class AuditLog {

    private static final List<String> NAMESPACES = List.of("audited-warn", "audited-audit", "audited-exempt");

    private final Path policy;
    private final Path log;

    AuditLog() {
        try {
            Path folder = Files.createTempDirectory("stowage-audit");
            folder.toFile().deleteOnExit();
            log = folder.resolve("audit.log");
            log.toFile().deleteOnExit();
            policy = Files.writeString(folder.resolve("policy.yaml"), """
                    apiVersion: audit.k8s.io/v1
                    kind: Policy
                    omitStages: [RequestReceived]
                    rules:
                    - {level: Metadata, verbs: [create, update, patch], namespaces: [%s]}
                    - {level: None}
                    """.formatted(String.join(", ", NAMESPACES)));
            policy.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path policy() {
        return policy;
    }

    Path log() {
        return log;
    }

    /** The annotations of what was written in this namespace under this name, in order. */
    List<JsonNode> annotationsOf(String namespace, String name) {
        List<JsonNode> annotations = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(log)) {
                JsonNode event = new ObjectMapper().readTree(line);
                JsonNode object = event.path("objectRef");
                if (object.path("namespace").asText().equals(namespace)
                        && object.path("name").asText().equals(name)) {
                    annotations.add(event.path("annotations"));
                }
            }
            return annotations;
        } catch (IOException e) {
            // the last line may be half there
            return annotations;
        }
    }
}
