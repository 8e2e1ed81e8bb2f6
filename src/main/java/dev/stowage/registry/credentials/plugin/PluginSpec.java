package dev.stowage.registry.credentials.plugin;

import dev.stowage.image.Repository;
import dev.stowage.registry.credentials.RegistryKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One provider of a {@code CredentialProviderConfig}. Printing it shows no arguments and no variables, which may contain secrets.
 *
 * @param name its name, which is the name of the program
 * @param program the program
 * @param matchImages the images that it is run for
 * @param defaultCacheDuration how long a response is cached that does not say so; zero for not at all
 * @param apiVersion the version of request and response
 * @param args the arguments of the program
 * @param env variables that the program gets in addition to those of this process
 */
public record PluginSpec(
        String name,
        Path program,
        List<RegistryKey> matchImages,
        Duration defaultCacheDuration,
        String apiVersion,
        List<String> args,
        Map<String, String> env) {

    public PluginSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(program, "program");
        matchImages = List.copyOf(matchImages);
        Objects.requireNonNull(defaultCacheDuration, "defaultCacheDuration");
        Objects.requireNonNull(apiVersion, "apiVersion");
        args = List.copyOf(args);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }

    /** Whether the kubelet would run it for an image of this repository. */
    boolean serves(Repository repository) {
        return matchImages.stream().anyMatch(pattern -> pattern.matches(repository));
    }

    @Override
    public String toString() {
        return "PluginSpec[" + name + "]";
    }
}
