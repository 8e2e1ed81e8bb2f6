package dev.stowage.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** AdmissionReviews as an API server sends them, with the object given as YAML. */
public final class Reviews {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final ObjectNode review = JSON.createObjectNode();
    private final ObjectNode request;

    private Reviews(String operation) {
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        request = review.putObject("request");
        request.put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002").put("operation", operation);
        request.put("namespace", "shop").put("dryRun", false);
        user("alice", "system:authenticated");
    }

    /** The creation of this object. */
    public static Reviews create(String yaml) {
        return new Reviews("CREATE").object(yaml);
    }

    /** The update of an object. */
    public static Reviews update(String before, String after) {
        Reviews review = new Reviews("UPDATE").object(after);
        review.request.set("oldObject", yaml(before));
        return review;
    }

    /** Any other operation on this object, such as DELETE, which has an old object only. */
    public static Reviews other(String operation, String before) {
        Reviews review = new Reviews(operation);
        review.request.set("oldObject", yaml(before));
        review.request.putNull("object");
        return review;
    }

    /** A pod of these containers, each {@code name=image}. */
    public static String pod(String... containers) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n"
                + containers("  ", containers);
    }

    /** A Deployment whose pods have these containers, each {@code name=image}. */
    public static String deployment(String... containers) {
        return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  replicas: 1\n"
                + "  template:\n    spec:\n      containers:\n" + containers("      ", containers);
    }

    private static String containers(String indent, String... containers) {
        StringBuilder yaml = new StringBuilder();
        for (String container : containers) {
            int equals = container.indexOf('=');
            yaml.append(indent).append("- {name: ").append(container, 0, equals);
            yaml.append(", image: \"").append(container.substring(equals + 1)).append("\"}\n");
        }
        return yaml.toString();
    }

    private Reviews object(String yaml) {
        JsonNode object = yaml(yaml);
        request.set("object", object);
        String apiVersion = object.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        request.putObject("kind")
                .put("group", slash < 0 ? "" : apiVersion.substring(0, slash))
                .put("version", apiVersion.substring(slash + 1))
                .put("kind", object.path("kind").asText());
        request.put("name", object.path("metadata").path("name").asText());
        return this;
    }

    /** Through this subresource. */
    public Reviews subResource(String name) {
        request.put("subResource", name);
        return this;
    }

    /** By this user. */
    public Reviews user(String name, String... groups) {
        ObjectNode user = request.putObject("userInfo").put("username", name);
        for (String group : groups) {
            user.withArray("groups").add(group);
        }
        return this;
    }

    /** In this namespace, which the object then names too. */
    public Reviews namespace(String namespace) {
        request.put("namespace", namespace);
        if (request.path("object") instanceof ObjectNode object) {
            object.withObject("metadata").put("namespace", namespace);
        }
        return this;
    }

    /** As a dry run. */
    public Reviews dryRun() {
        request.put("dryRun", true);
        return this;
    }

    /** The review as JSON, to be changed in ways that no API server would send. */
    public ObjectNode json() {
        return review;
    }

    /** The review as it is sent. */
    public byte[] bytes() {
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An object from YAML. */
    public static JsonNode yaml(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
