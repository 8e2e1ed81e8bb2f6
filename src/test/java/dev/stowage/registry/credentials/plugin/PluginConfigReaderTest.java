package dev.stowage.registry.credentials.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stowage.image.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
@DisplayName("A CredentialProviderConfig")
class PluginConfigReaderTest {

    private static final String HEAD = "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\n";
    private static final String MATCH = "matchImages: [registry.io], defaultCacheDuration: 1h";
    private static final String VERSION = "apiVersion: credentialprovider.kubelet.k8s.io/v1";

    @TempDir
    Path folder;

    private Path programs;
    private Path config;

    @BeforeEach
    void install() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        config = folder.resolve("config.yaml");
        for (String name : List.of("p", "q", "ecr-credential-provider")) {
            Files.writeString(programs.resolve(name), "#!/bin/sh\n");
            Files.setPosixFilePermissions(programs.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(programs.resolve("text"), "not a program");
        Files.createDirectory(programs.resolve("folder"));
    }

    @Test
    @DisplayName("is read with all its fields")
    void allFields() throws IOException {
        Files.writeString(config, HEAD + """
                # as on the nodes
                providers:
                  - name: ecr-credential-provider
                    matchImages:
                      - "*.dkr.ecr.*.amazonaws.com"
                      - public.ecr.aws
                    defaultCacheDuration: "12h"
                    apiVersion: credentialprovider.kubelet.k8s.io/v1
                    args: [get-credentials, "-v=2"]
                    env:
                      - {name: AWS_PROFILE, value: hunter2}
                  - {name: p, matchImages: [gcr.io], defaultCacheDuration: 0s, apiVersion: credentialprovider.kubelet.k8s.io/v1beta1}
                """);

        List<PluginSpec> specs = PluginConfigReader.read(config, programs);

        assertThat(specs).extracting(PluginSpec::name).containsExactly("ecr-credential-provider", "p");
        PluginSpec ecr = specs.get(0);
        assertThat(ecr.program()).isEqualTo(programs.resolve("ecr-credential-provider"));
        assertThat(ecr.serves(new Repository("1.dkr.ecr.eu-west-1.amazonaws.com", "app")))
                .isTrue();
        assertThat(ecr.serves(new Repository("public.ecr.aws", "app"))).isTrue();
        assertThat(ecr.serves(new Repository("gcr.io", "app"))).isFalse();
        assertThat(ecr.defaultCacheDuration()).isEqualTo(Duration.ofHours(12));
        assertThat(ecr.args()).containsExactly("get-credentials", "-v=2");
        assertThat(ecr.env()).containsOnly(Map.entry("AWS_PROFILE", "hunter2"));
        assertThat(ecr).hasToString("PluginSpec[ecr-credential-provider]");
        assertThat(specs.get(1).apiVersion()).isEqualTo("credentialprovider.kubelet.k8s.io/v1beta1");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"v1", "v1beta1", "v1alpha1"})
    @DisplayName("is read in the versions that the kubelet reads")
    void versions(String version) throws IOException {
        Files.writeString(
                config,
                ("{apiVersion: kubelet.config.k8s.io/X, kind: CredentialProviderConfig, providers: [{name: p, " + MATCH
                                + ", apiVersion: credentialprovider.kubelet.k8s.io/X}]}")
                        .replace("X", version));

        assertThat(PluginConfigReader.read(config, programs)).hasSize(1);
    }

    @Test
    @DisplayName("may be a folder, whose files are read by name, as a ConfigMap is mounted")
    void folders() throws IOException {
        Path data = Files.createDirectories(folder.resolve("mount/..data"));
        Files.writeString(data.resolve("20.json"), HEAD + "providers: [{name: p, " + MATCH + ", " + VERSION + "}]");
        Files.writeString(data.resolve("10.yaml"), HEAD + "providers: [{name: q, " + MATCH + ", " + VERSION + "}]");
        Files.writeString(data.resolve("readme.txt"), "not read");
        for (String name : List.of("20.json", "10.yaml", "readme.txt")) {
            Files.createSymbolicLink(folder.resolve("mount").resolve(name), Path.of("..data", name));
        }

        assertThat(PluginConfigReader.read(folder.resolve("mount"), programs))
                .extracting(PluginSpec::name)
                .containsExactly("q", "p");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("with a mistake is refused, with the place and the fix")
    void mistakes(String provider, String problem) throws IOException {
        Files.writeString(config, HEAD + "providers:\n- " + provider + "\n");

        message(config, programs)
                .startsWith(config + ": providers[0]")
                .contains(problem)
                .doesNotContain("hunter2");
    }

    static Stream<Arguments> mistakes() {
        String rest = MATCH + ", " + VERSION;
        return Stream.of(
                arguments("p", "must be an object"),
                arguments("{" + rest + "}", "name \"\" is not a valid provider name"),
                arguments("{name: foo/../p, " + rest + "}", "name \"foo/../p\" is not a valid provider name"),
                arguments("{name: 'foo\\p', " + rest + "}", "is not a valid provider name"),
                arguments("{name: foo bar, " + rest + "}", "name \"foo bar\" is not a valid provider name"),
                arguments("{name: ., " + rest + "}", "name \".\" is not a valid provider name"),
                arguments("{name: .., " + rest + "}", "name \"..\" is not a valid provider name"),
                arguments("{name: missing, " + rest + "}", "bin/missing does not exist: copy it into binDir"),
                arguments("{name: folder, " + rest + "}", "bin/folder does not exist"),
                arguments("{name: text, " + rest + "}", "bin/text is not executable: run chmod 755 on it"),
                arguments(
                        "{name: p, defaultCacheDuration: 1h, " + VERSION + "}",
                        "(p): matchImages must have at least one entry"),
                arguments(
                        "{name: p, matchImages: [], defaultCacheDuration: 1h, " + VERSION + "}",
                        "matchImages must have at least one entry"),
                arguments(
                        "{name: p, matchImages: ['%invalid%'], defaultCacheDuration: 1h, " + VERSION + "}",
                        "matchImages entry \"%invalid%\" is not a valid pattern"),
                arguments(
                        "{name: p, matchImages: ['reg[.io'], defaultCacheDuration: 1h, " + VERSION + "}",
                        "matchImages entry \"reg[.io\" is not a valid pattern"),
                arguments(
                        "{name: p, matchImages: registry.io, defaultCacheDuration: 1h, " + VERSION + "}",
                        "matchImages must be a list, not a string"),
                arguments(
                        "{name: p, matchImages: [registry.io], " + VERSION + "}",
                        "defaultCacheDuration is missing; examples: 12h"),
                arguments(
                        "{name: p, matchImages: [registry.io], defaultCacheDuration: 12, " + VERSION + "}",
                        "defaultCacheDuration must be a string, not a number"),
                arguments(
                        "{name: p, matchImages: [registry.io], defaultCacheDuration: 1d, " + VERSION + "}",
                        "defaultCacheDuration \"1d\" is not a valid duration"),
                arguments(
                        "{name: p, matchImages: [registry.io], defaultCacheDuration: -1m, " + VERSION + "}",
                        "defaultCacheDuration \"-1m\" is not a valid duration"),
                arguments(
                        "{name: p, " + MATCH + "}",
                        "apiVersion is missing; allowed: credentialprovider.kubelet.k8s.io/v1, v1beta1, v1alpha1"),
                arguments(
                        "{name: p, " + MATCH + ", apiVersion: credentialprovider.kubelet.k8s.io/v2}",
                        "apiVersion \"credentialprovider.kubelet.k8s.io/v2\" is unknown"),
                arguments(
                        "{name: p, tokenAttributes: {serviceAccountTokenAudience: x}, " + rest + "}",
                        "tokenAttributes is not supported, since Stowage requests no tokens of pods' ServiceAccounts"),
                arguments("{name: p, matchimages: [x], " + rest + "}", "field \"matchimages\" is unknown"),
                arguments("{name: p, args: [1], " + rest + "}", "args[0] must be a string, not a number"),
                arguments("{name: p, args: [\"a\\0b\"], " + rest + "}", "args contains a NUL character"),
                arguments(
                        "{name: p, env: [{name: A=B, value: hunter2}], " + rest + "}",
                        "env[0].name \"A=B\" is not a valid variable"),
                arguments(
                        "{name: p, env: [{value: hunter2}], " + rest + "}", "env[0].name \"\" is not a valid variable"),
                arguments(
                        "{name: p, env: [{name: A, valueFrom: hunter2}], " + rest + "}",
                        "field \"valueFrom\" of env is unknown"),
                arguments("{name: p, env: {A: hunter2}, " + rest + "}", "env must be a list, not an object"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("that is something else is refused")
    void otherFiles(String text, String problem) throws IOException {
        Files.writeString(config, text);

        message(config, programs).startsWith(config + problem);
    }

    static Stream<Arguments> otherFiles() {
        String provider = "{name: p, " + MATCH + ", " + VERSION + "}";
        String other =
                " is not a CredentialProviderConfig of kubelet.config.k8s.io/v1 (v1beta1 and v1alpha1 are read too)";
        return Stream.of(
                arguments("", other),
                arguments("text", other),
                arguments("[]", other),
                arguments(HEAD.replace("/v1", "/v2") + "providers: [" + provider + "]", other),
                arguments(HEAD.replace("Provider", "") + "providers: [" + provider + "]", other),
                arguments(HEAD, ": \"providers\" must be a list with at least one provider"),
                arguments(HEAD + "providers: []", ": \"providers\" must be a list with at least one provider"),
                arguments(HEAD + "provider: []\nproviders: [" + provider + "]", ": field \"provider\" is unknown"),
                arguments(
                        HEAD + "kind: CredentialProviderConfig\n", " is not one valid YAML or JSON document (line 3)"),
                arguments("a: [\n", " is not one valid YAML or JSON document"),
                arguments(
                        HEAD + "providers: [" + provider + "]\n---\n" + HEAD,
                        " is not one valid YAML or JSON document"),
                arguments("#".repeat(1 << 20) + "\n", " is larger than 1 MiB"));
    }

    @Test
    @DisplayName("of two providers of the same name is refused, and every problem is named")
    void everyProblem() throws IOException {
        String provider = "{name: p, " + MATCH + ", " + VERSION + "}";
        Files.writeString(
                config, HEAD + "providers: [" + provider + ", " + provider + ", {name: missing, " + VERSION + "}]");

        message(config, programs)
                .contains("provider \"p\" is declared twice")
                .contains("bin/missing does not exist")
                .contains("matchImages must have at least one entry")
                .contains("defaultCacheDuration is missing");
    }

    @Test
    @DisplayName("that is not in UTF-8 is refused")
    void notUtf8() throws IOException {
        Files.write(config, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xff, '\n'});

        message(config, programs).startsWith(config + " is not");
    }

    @Test
    @DisplayName("that is not there, and a folder of programs that is not there, are named")
    void missing() throws IOException {
        message(folder.resolve("none"), folder.resolve("nothing"))
                .isEqualTo(
                        "binDir " + folder.resolve("nothing") + " is not a directory: check the volume and its mount; "
                                + folder.resolve("none") + " does not exist");
        message(programs, programs).isEqualTo(programs + " contains no file that ends in .json, .yaml or .yml");
    }

    @Test
    @DisplayName("of docs/credentials.md is valid")
    void documented() throws IOException {
        JsonNode values = new YAMLMapper()
                .readTree(Path.of("helm/stowage/ci/credential-plugins-values.yaml")
                        .toFile());
        Files.writeString(
                config, values.at("/extraObjects/0/data").path("config.yaml").asText());

        assertThat(PluginConfigReader.read(config, programs))
                .extracting(PluginSpec::name)
                .containsExactly("ecr-credential-provider");
    }

    private static AbstractStringAssert<?> message(Path config, Path programs) {
        return assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> PluginConfigReader.read(config, programs)))
                .isNotNull()
                .extracting(Throwable::getMessage)
                .asString();
    }
}
