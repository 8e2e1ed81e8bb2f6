package dev.stowage.config;

import dev.stowage.image.Printable;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the configuration: a YAML file whose one top-level key is {@code stowage}, over which environment variables
 * ({@code STOWAGE_MODE=warn}) take precedence. Unknown keys are refused, since a misspelt one would otherwise be passed over.
 */
public final class ConfigLoader {

    /** The environment variable that names the file. */
    public static final String VARIABLE = "STOWAGE_CONFIG";

    private static final int MAX_BYTES = 1024 * 1024;
    private static final Pattern CODE = Pattern.compile("^SRCFG\\d+: ");
    private static final Pattern UNKNOWN = Pattern.compile("^(\\S+) in .* does not map to any root$");

    private final Map<String, String> environment;

    /** A loader that reads these environment variables. */
    public ConfigLoader(Map<String, String> environment) {
        // the variable that names the file is no setting in it
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
     * @param source where the text comes from, for messages
     * @param yaml the text; empty for the defaults
     * @throws InvalidConfigException when something in it is not allowed
     */
    public StowageConfig parse(String source, String yaml) {
        YamlConfigSource file;
        try {
            file = new YamlConfigSource(source, yaml.isBlank() ? "{}" : yaml, 100);
        } catch (RuntimeException e) {
            throw new InvalidConfigException(source, List.of("it is no YAML: " + Printable.of(firstLine(e))));
        }
        List<String> strangers = strangers(file);
        if (!strangers.isEmpty()) {
            throw new InvalidConfigException(source, strangers);
        }
        try {
            SmallRyeConfig config = new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withSources(file)
                    .withSources(new EnvConfigSource(environment, 300))
                    .withMapping(StowageConfig.class)
                    .withValidateUnknown(true)
                    .build();
            return config.getConfigMapping(StowageConfig.class);
        } catch (ConfigValidationException e) {
            List<String> problems = new ArrayList<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                problems.add(inWords(e.getProblem(i).getMessage()));
            }
            throw new InvalidConfigException(source, problems);
        }
    }

    /** Keys outside our prefix are not the mapping's to refuse. */
    private static List<String> strangers(YamlConfigSource file) {
        return file.getPropertyNames().stream()
                .filter(key -> !key.startsWith(StowageConfig.PREFIX + ".") && !key.equals(StowageConfig.PREFIX))
                .sorted()
                .map(key -> Printable.of(key) + ": unknown; everything stands below the one top-level key \""
                        + StowageConfig.PREFIX + "\"")
                .toList();
    }

    private static String inWords(String problem) {
        String text = CODE.matcher(problem).replaceFirst("");
        Matcher unknown = UNKNOWN.matcher(text);
        return unknown.matches()
                ? Printable.of(unknown.group(1)) + ": unknown; docs/configuration.md lists the keys that there are"
                : text.replaceFirst("^The config property ", "");
    }

    private static String read(Path path, String source) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new InvalidConfigException(
                        source, List.of("it is larger than " + MAX_BYTES + " bytes; is it the right file?"));
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new InvalidConfigException(source, List.of("it cannot be read: " + firstLine(e)));
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
