package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as {@code kubectl} reads it: several documents, aliases and merge keys. SnakeYAML's nodes are used rather than a data
 * binding, because they know their lines and because Jackson's YAML reader does not resolve aliases.
 */
final class YamlDocuments implements Documents {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Composer composer;
    private Map<JsonNode, Integer> lines = new IdentityHashMap<>();
    private int values;

    YamlDocuments(InputText text) {
        // SnakeYAML checks its limits between tokens only, and one text may be endless
        text.boundDocuments();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setNestingDepthLimit(Bounds.DEPTH);
        // how often aliases are used is bounded below, by the number of values that come of it
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        this.composer = new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
    }

    @Override
    public Optional<Document> next() {
        try {
            if (!composer.checkNode()) {
                return Optional.empty();
            }
            Node root = composer.getNode();
            lines = new IdentityHashMap<>();
            values = 0;
            return Optional.of(new Document(line(root), value(root, 0), lines));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new MalformedException(line, "is not valid YAML: " + sentence(e.getProblem()));
        } catch (ReaderException e) {
            throw new MalformedException(0, "contains control characters; it seems to be binary, not YAML or JSON");
        } catch (YAMLException e) {
            throw new MalformedException(0, limit(String.valueOf(e.getMessage())));
        }
    }

    private static String limit(String message) {
        return message.contains("Nesting Depth") ? Bounds.TOO_DEEP : "is not valid YAML: " + sentence(message);
    }

    private static String sentence(String problem) {
        return problem == null
                ? "it cannot be parsed"
                : problem.lines().findFirst().orElse("it cannot be parsed");
    }

    private JsonNode value(Node node, int depth) {
        count(node);
        if (depth > Bounds.DEPTH) {
            throw new MalformedException(line(node), Bounds.TOO_DEEP);
        }
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JSON.objectNode();
            lines.put(object, line(mapping));
            fill(object, mapping, depth);
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JSON.arrayNode();
            for (Node item : sequence.getValue()) {
                array.add(value(item, depth + 1));
            }
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private void count(Node node) {
        if (++values > Bounds.DOCUMENT_VALUES) {
            throw new MalformedException(line(node), Bounds.TOO_MANY);
        }
    }

    /** A mapping's own keys win over those that it merges in, and of several merged ones the first wins. */
    private void fill(ObjectNode object, MappingNode mapping, int depth) {
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (Tag.MERGE.equals(tuple.getKeyNode().getTag())) {
                merged.add(tuple.getValueNode());
                continue;
            }
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new MalformedException(line(tuple.getKeyNode()), "has a list or mapping as the key of a mapping");
            }
            if ("image".equals(key.getValue()) || "reference".equals(key.getValue())) {
                lines.put(object, line(key));
            }
            object.set(key.getValue(), value(tuple.getValueNode(), depth + 1));
        }
        for (Node source : merged) {
            merge(object, source, depth + 1);
        }
    }

    private void merge(ObjectNode object, Node source, int depth) {
        if (source instanceof SequenceNode several && depth <= Bounds.DEPTH) {
            // lists of lists of aliases grow exponentially, even if they merge nothing
            count(source);
            several.getValue().forEach(one -> merge(object, one, depth + 1));
        } else if (value(source, depth) instanceof ObjectNode other) {
            other.fields().forEachRemaining(field -> object.putIfAbsent(field.getKey(), field.getValue()));
        } else {
            throw new MalformedException(line(source), "merges (<<) something that is not a mapping");
        }
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (Tag.NULL.equals(tag)) {
            return JSON.nullNode();
        }
        if (Tag.BOOL.equals(tag)) {
            return JSON.booleanNode(
                    switch (text.toLowerCase(Locale.ROOT)) {
                        case "true", "yes", "on" -> true;
                        default -> false;
                    });
        }
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            return number(text);
        }
        return JSON.textNode(text);
    }

    /** Nothing that Stowage reads is a number: what matters is that it is not text, where Kubernetes wants one. */
    private static JsonNode number(String text) {
        try {
            return JSON.numberNode(Long.parseLong(text));
        } catch (NumberFormatException e) {
            try {
                return JSON.numberNode(Double.parseDouble(text.replace("_", "")));
            } catch (NumberFormatException notDecimal) {
                return JSON.numberNode(Double.NaN);
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
