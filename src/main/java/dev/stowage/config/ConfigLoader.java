package dev.stowage.config;

import dev.stowage.image.Printable;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the configuration: a YAML file whose one top-level key is {@code stowage}, over which environment variables
 * ({@code STOWAGE_MODE=warn}) take precedence. Unknown keys are refused, since a misspelt one would otherwise have no effect.
 */
public final class ConfigLoader {

    /** The environment variable that names the file. */
    public static final String VARIABLE = "STOWAGE_CONFIG";

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_SHOWN = 200;

    // SmallRye's messages: SRCFG00050, SRCFG00039, SRCFG00014, SRCFG00040
    private static final Pattern CODE = Pattern.compile("^(?:[\\w.]+Exception: )?(?:SRCFG\\d+: )?");
    private static final Pattern UNKNOWN = Pattern.compile("^(.+?) in .* does not map to any root$");
    private static final Pattern INVALID = Pattern.compile(
            "^The config property (.+?) with the config value \"(.*)\" threw an Exception whilst being converted (.*)$",
            Pattern.DOTALL);
    private static final Pattern ELEMENT =
            Pattern.compile("^The config property (.+?\\[\\d+]) with the config value \"");
    private static final Pattern MISSING = Pattern.compile(
            "^The config property (\\S+) is (?:required but|defined as the empty String).*", Pattern.DOTALL);

    private final Map<String, String> environment;

    /** A loader that reads these environment variables. */
    public ConfigLoader(Map<String, String> environment) {
        // the variable that names the file is not a setting
        Map<String, String> variables = new HashMap<>(environment);
        variables.remove(VARIABLE);
        this.environment = Map.copyOf(variables);
    }

    /**
     * Reads a file, or only the environment where there is none.
     *
     * @throws InvalidConfigException when it cannot be read or something in it is not allowed
     */
    public StowageConfig load(Optional<Path> file) {
        String source = file.map(Path::toString).orElse("the environment");
        return parse(source, file.map(path -> read(path, source)).orElse(""));
    }

    /**
     * Reads a text.
     *
     * @param source the source of the text, for messages
     * @param yaml the text; empty for the defaults
     * @throws InvalidConfigException when something in it is not allowed; the message names every problem
     */
    public StowageConfig parse(String source, String yaml) {
        YamlConfigSource file;
        try {
            file = new YamlConfigSource(source, yaml.isBlank() ? "{}" : yaml, 100);
        } catch (RuntimeException e) {
            throw new InvalidConfigException(source, List.of("is not valid YAML: " + Printable.of(firstLine(e))));
        }
        Set<String> problems = new LinkedHashSet<>(outsidePrefix(file));
        Optional<StowageConfig> config = map(file, problems);
        if (config.isEmpty() || !problems.isEmpty()) {
            throw new InvalidConfigException(source, problems);
        }
        return config.get();
    }

    /** SmallRye reports all wrong keys, but of a list the first wrong element only: so again without that, until none is new. */
    private Optional<StowageConfig> map(YamlConfigSource file, Set<String> problems) {
        Map<String, String> withoutElements = new HashMap<>();
        int known;
        do {
            known = withoutElements.size();
            SmallRyeConfig config = Converters.register(new SmallRyeConfigBuilder())
                    .withSources(file)
                    .withSources(new EnvConfigSource(environment, 300))
                    .withSources(new PropertiesConfigSource(Map.copyOf(withoutElements), "wrong elements", 400))
                    .build();
            missingTlsFile(config).ifPresent(problems::add);
            try {
                ConfigMappings.registerConfigMappings(config, Set.of(ConfigClass.configClass(StowageConfig.class)));
                return Optional.of(config.getConfigMapping(StowageConfig.class));
            } catch (ConfigValidationException e) {
                for (int i = 0; i < e.getProblemCount(); i++) {
                    String problem = CODE.matcher(e.getProblem(i).getMessage()).replaceFirst("");
                    problems.add(inWords(problem));
                    Matcher element = ELEMENT.matcher(problem);
                    if (element.find()) {
                        withoutElements.put(element.group(1), "");
                    }
                }
            }
        } while (withoutElements.size() > known);
        return Optional.empty();
    }

    /** Keys outside the prefix, which the mapping does not check. */
    private static List<String> outsidePrefix(YamlConfigSource file) {
        return file.getPropertyNames().stream()
                .filter(key -> !key.startsWith(StowageConfig.PREFIX + ".") && !key.equals(StowageConfig.PREFIX))
                .sorted()
                .map(key -> Printable.of(key) + ": unknown; all keys belong below the one top-level key \""
                        + StowageConfig.PREFIX + "\"")
                .toList();
    }

    /** The one rule across keys, on raw values: so it is reported along with problems of single keys. */
    private static Optional<String> missingTlsFile(SmallRyeConfig config) {
        String tls = StowageConfig.PREFIX + ".tls";
        boolean certificate = has(config, tls + ".certificateFile");
        boolean key = has(config, tls + ".keyFile");
        String mode = config.getConfigValue(tls + ".mode").getValue();
        boolean files = mode == null
                ? certificate || key
                : TlsSettings.Mode.FILES.name().equalsIgnoreCase(mode);
        return files && !(certificate && key)
                ? Optional.of(tls + ": mode \"files\" needs both, certificateFile and keyFile")
                : Optional.empty();
    }

    private static boolean has(SmallRyeConfig config, String key) {
        return config.getConfigValue(key).getValue() != null;
    }

    private static String inWords(String text) {
        Matcher unknown = UNKNOWN.matcher(text);
        if (unknown.matches()) {
            return Printable.of(unknown.group(1)) + ": unknown; docs/configuration.md lists all keys";
        }
        Matcher invalid = INVALID.matcher(text);
        if (invalid.matches()) {
            return Printable.of(invalid.group(1)) + ": \"" + shown(invalid.group(2)) + "\" " + invalid.group(3);
        }
        Matcher missing = MISSING.matcher(text);
        return missing.matches() ? Printable.of(missing.group(1)) + ": needs a value" : Printable.of(text);
    }

    /** A value without the rest of a long one, such as a bundle of certificates. */
    private static String shown(String value) {
        return value.length() > MAX_SHOWN ? Printable.of(value.substring(0, MAX_SHOWN)) + "…" : Printable.of(value);
    }

    private static String read(Path path, String source) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new InvalidConfigException(
                        source, List.of("is larger than " + MAX_BYTES + " bytes; is it the right file?"));
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new InvalidConfigException(source, List.of("cannot be read: " + firstLine(e)));
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
