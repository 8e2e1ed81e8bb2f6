package dev.stowage.registry.credentials.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.Printable;
import dev.stowage.json.InvalidFieldException;
import dev.stowage.json.JsonFields;
import dev.stowage.registry.credentials.RegistryKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one provider of a {@code CredentialProviderConfig} and collects what is wrong with it. */
final class ProviderReader {

    private static final Set<String> FIELDS =
            Set.of("name", "matchImages", "defaultCacheDuration", "apiVersion", "args", "env", "tokenAttributes");
    private static final Set<String> ENV_FIELDS = Set.of("name", "value");

    private static final String GROUP = "credentialprovider.kubelet.k8s.io";
    private static final Set<String> VERSIONS = Set.of(GROUP + "/v1", GROUP + "/v1beta1", GROUP + "/v1alpha1");

    private static final Pattern NAME = Pattern.compile("[^/\\\\\\s\\p{Cntrl}]{1,255}");
    private static final Pattern VARIABLE = Pattern.compile("[^=\\x00]+");

    private final JsonNode node;
    private final String path;
    private final Path folder;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param node the provider
     * @param path where it stands, for messages
     * @param folder the folder of the programs
     */
    ProviderReader(JsonNode node, String path, Path folder) {
        this.node = node;
        this.path = path;
        this.folder = folder;
    }

    /** What is wrong, after {@link #read()}. */
    List<String> problems() {
        return problems;
    }

    /** The names of the fields that are not among these; none when the node is not an object. */
    static List<String> unknown(JsonNode node, Set<String> known) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** The provider; nothing when there is a problem. */
    Optional<PluginSpec> read() {
        if (!node.isObject()) {
            problems.add(path + " must be an object");
            return Optional.empty();
        }
        unknown(node, FIELDS).forEach(name -> problem("field \"" + Printable.of(name) + "\" is unknown"));
        if (node.hasNonNull("tokenAttributes")) {
            problem(
                    "tokenAttributes is not supported, since Stowage requests no tokens of pods' ServiceAccounts: remove this"
                            + " provider, or its tokenAttributes if the plug-in works without them");
        }
        try {
            PluginSpec spec = spec(new JsonFields(node, ""));
            return problems.isEmpty() ? Optional.of(spec) : Optional.empty();
        } catch (InvalidFieldException e) {
            problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private PluginSpec spec(JsonFields fields) {
        String name = fields.text("name");
        return new PluginSpec(
                name, program(name), images(fields), duration(fields), version(fields), args(fields), env(fields));
    }

    private Path program(String name) {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            problem(
                    "name \"" + Printable.of(name)
                            + "\" is not a valid provider name: it must be the name of a program in binDir, without path and spaces");
            return folder;
        }
        Path program = folder.resolve(name);
        if (!Files.isRegularFile(program)) {
            problem("the plug-in " + program + " does not exist: copy it into binDir, or remove the provider");
        } else if (!Files.isExecutable(program)) {
            problem("the plug-in " + program
                    + " is not executable: run chmod 755 on it, and mount its volume without noexec");
        }
        return program;
    }

    private List<RegistryKey> images(JsonFields fields) {
        List<RegistryKey> images = new ArrayList<>();
        for (String entry : fields.texts("matchImages")) {
            RegistryKey.ofMatchImage(entry)
                    .ifPresentOrElse(
                            images::add,
                            () -> problem(
                                    "matchImages entry \"" + Printable.of(entry)
                                            + "\" is not a valid pattern; examples: registry.io, *.registry.io, registry.io:8080/path"));
        }
        if (!fields.hasItems("matchImages")) {
            problem("matchImages must have at least one entry");
        }
        return images;
    }

    private Duration duration(JsonFields fields) {
        String text = fields.text("defaultCacheDuration");
        Optional<Duration> duration = GoDuration.parse(text).filter(time -> !time.isNegative());
        if (duration.isEmpty()) {
            problem((text.isEmpty()
                            ? "defaultCacheDuration is missing"
                            : "defaultCacheDuration \"" + Printable.of(text) + "\" is not a valid duration")
                    + "; examples: 12h, 5m30s, 0s");
        }
        return duration.orElse(Duration.ZERO);
    }

    private String version(JsonFields fields) {
        String version = fields.text("apiVersion");
        if (!VERSIONS.contains(version)) {
            problem((version.isEmpty()
                            ? "apiVersion is missing"
                            : "apiVersion \"" + Printable.of(version) + "\" is unknown")
                    + "; allowed: " + GROUP + "/v1, v1beta1, v1alpha1");
        }
        return version;
    }

    private List<String> args(JsonFields fields) {
        List<String> args = fields.texts("args");
        if (args.stream().anyMatch(arg -> arg.indexOf('\0') >= 0)) {
            problem("args contains a NUL character");
        }
        return args;
    }

    private Map<String, String> env(JsonFields fields) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonFields variable : fields.objects("env")) {
            String name = variable.text("name");
            String value = variable.text("value");
            if (!VARIABLE.matcher(name).matches() || value.indexOf('\0') >= 0) {
                problem(variable.pathOf("name") + " \"" + Printable.of(name)
                        + "\" is not a valid variable: it needs a name without \"=\", and no NUL characters");
            }
            variables.put(name, value);
        }
        for (JsonNode variable : node.path("env")) {
            unknown(variable, ENV_FIELDS)
                    .forEach(name -> problem("field \"" + Printable.of(name) + "\" of env is unknown"));
        }
        return variables;
    }

    private void problem(String problem) {
        String name = node.path("name").asText();
        problems.add(path + (name.isEmpty() ? "" : " (" + Printable.of(name) + ")") + ": " + problem);
    }
}
