package dev.stowage.registry.credentials.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stowage.image.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the kubelet's {@code CredentialProviderConfig} as the kubelet does at its start (pkg/credentialprovider/plugin/config.go): one
 * file, or all files of a directory that end in {@code .json}, {@code .yaml} or {@code .yml}, by name. The versions v1, v1beta1
 * and v1alpha1, which the kubelet reads, have the same fields. Everything is checked, and every problem is named.
 */
public final class PluginConfigReader {

    private static final String GROUP = "kubelet.config.k8s.io";
    private static final Set<String> VERSIONS = Set.of(GROUP + "/v1", GROUP + "/v1beta1", GROUP + "/v1alpha1");
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "providers");
    private static final Pattern FILE = Pattern.compile(".*\\.(json|yaml|yml)");
    private static final int MAX_BYTES = 1 << 20;

    // it reads JSON too
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path folder;
    private final List<PluginSpec> plugins = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private PluginConfigReader(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the configuration and checks that the programs are there.
     *
     * @param config the file or directory, the kubelet's {@code --image-credential-provider-config}
     * @param folder the folder of the programs, the kubelet's {@code --image-credential-provider-bin-dir}
     * @return the providers in their order
     * @throws IllegalArgumentException when anything in it is wrong; the message names every problem
     */
    public static List<PluginSpec> read(Path config, Path folder) {
        PluginConfigReader reader = new PluginConfigReader(folder);
        reader.read(config);
        if (!reader.problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", reader.problems));
        }
        return List.copyOf(reader.plugins);
    }

    private void read(Path config) {
        if (!Files.isDirectory(folder)) {
            problems.add("binDir " + folder + " is not a directory: check the volume and its mount");
        }
        List<Path> files = files(config);
        files.forEach(this::readFile);
        if (plugins.isEmpty() && problems.isEmpty()) {
            problems.add(config + " has no providers");
        }
        Set<String> names = new LinkedHashSet<>();
        for (PluginSpec plugin : plugins) {
            if (!names.add(plugin.name())) {
                problems.add("provider \"" + plugin.name() + "\" is declared twice");
            }
        }
    }

    private List<Path> files(Path config) {
        if (!Files.isDirectory(config)) {
            return List.of(config);
        }
        try (Stream<Path> entries = Files.list(config)) {
            List<Path> files = entries.filter(
                            file -> FILE.matcher(file.getFileName().toString()).matches() && !Files.isDirectory(file))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.add(config + " contains no file that ends in .json, .yaml or .yml");
            }
            return files;
        } catch (IOException e) {
            problems.add(config + " cannot be read");
            return List.of();
        }
    }

    private void readFile(Path file) {
        byte[] bytes;
        try (InputStream stream = Files.newInputStream(file)) {
            bytes = stream.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            problems.add(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
            return;
        }
        if (bytes.length > MAX_BYTES) {
            problems.add(file + " is larger than 1 MiB");
            return;
        }
        try {
            readDocument(file, YAML.readTree(bytes));
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            problems.add(file + " is not one valid YAML or JSON document (line " + line + ")");
        } catch (IOException e) {
            problems.add(file + " is not in UTF-8");
        }
    }

    private void readDocument(Path file, JsonNode document) {
        String version = document.path("apiVersion").asText();
        if (!document.path("kind").asText().equals("CredentialProviderConfig") || !VERSIONS.contains(version)) {
            problems.add(file + " is not a CredentialProviderConfig of " + GROUP
                    + "/v1 (v1beta1 and v1alpha1 are read too)");
            return;
        }
        ProviderReader.unknown(document, FIELDS)
                .forEach(name -> problems.add(file + ": field \"" + Printable.of(name) + "\" is unknown"));
        JsonNode providers = document.path("providers");
        if (!providers.isArray() || providers.isEmpty()) {
            problems.add(file + ": \"providers\" must be a list with at least one provider");
            return;
        }
        int number = 0;
        for (JsonNode provider : providers) {
            ProviderReader reader = new ProviderReader(provider, file + ": providers[" + number++ + "]", folder);
            reader.read().ifPresent(plugins::add);
            problems.addAll(reader.problems());
        }
    }
}
