package dev.stowage.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.output.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The files that pipelines read: {@code action.yml}, GitLab's template, and the hooks of pre-commit. */
class PipelineFilesTest {

    private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```yaml$(.*?)^```$");
    private static final Pattern INPUT_ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");
    private static final Pattern CHECK_OPTION = Pattern.compile(
            "--(filename|recursive|platform|context|config|fail-on|output-file|output|insecure-registry|timeout)\\b");
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+");

    @TempDir
    Path folder;

    @Test
    @DisplayName("the action passes every input to its script by the environment, and none into shell code")
    void action() throws IOException {
        JsonNode action = yaml("action.yml");
        List<String> inputs = names(action.get("inputs"));
        JsonNode steps = action.at("/runs/steps");
        Path script = Path.of("hack", "ci", "github-action");

        assertThat(action.at("/runs/using").asText()).isEqualTo("composite");
        assertThat(steps).hasSize(1);
        JsonNode step = steps.get(0);
        assertThat(step.get("shell").asText()).isEqualTo("bash");
        assertThat(step.get("run").asText()).isEqualTo("\"$GITHUB_ACTION_PATH/" + script + "\"");
        assertThat(step.get("env")).hasSize(inputs.size());
        String code = Files.readString(script);
        assertThat(inputs).isNotEmpty().allSatisfy(input -> {
            String variable = "INPUT_" + input.toUpperCase(Locale.ROOT).replace('-', '_');
            assertThat(step.at("/env/" + variable).asText()).isEqualTo("${{ inputs." + input + " }}");
            assertThat(code).contains("${" + variable + ":-");
            assertThat(action.at("/inputs/" + input + "/description").asText()).isNotBlank();
        });
        assertThat(action.at("/outputs/sarif/value").asText()).isEqualTo("${{ steps.check.outputs.sarif }}");
        assertThat(script).isExecutable();
    }

    @Test
    @DisplayName("the hook of pre-commit runs its script on YAML files, with args that end the options")
    void hooks() throws IOException {
        JsonNode hooks = yaml(".pre-commit-hooks.yaml");

        assertThat(hooks).hasSize(1);
        JsonNode hook = hooks.get(0);
        assertThat(hook.get("id").asText()).isEqualTo("stowage-check");
        assertThat(hook.get("language").asText()).isEqualTo("script");
        assertThat(hook.get("types").get(0).asText()).isEqualTo("yaml");
        assertThat(hook.get("require_serial").asBoolean()).isTrue();
        assertThat(hook.get("args").get(hook.get("args").size() - 1).asText()).isEqualTo("--");
        assertThat(Path.of(hook.get("entry").asText())).isExecutable();
    }

    @Test
    @EnabledIf(value = "dev.stowage.integrations.Script#possible", disabledReason = Script.MISSING)
    @DisplayName("the job of GitLab passes its variables as they are, and reports JUnit's XML")
    void gitlab() throws Exception {
        JsonNode job = yaml(".gitlab/stowage.gitlab-ci.yml").get("stowage-check");
        Path record = folder.resolve("arguments");
        Script.recorder(folder.resolve("bin/java"), record);
        Script script = new Script(folder).path(folder.resolve("bin"));
        job.get("variables")
                .fields()
                .forEachRemaining(variable ->
                        script.with(variable.getKey(), variable.getValue().asText()));

        assertThat(job.get("script")).hasSize(1);
        Script.Result result = script.with("STOWAGE_FILES", "a $(touch x) *")
                .line(job.at("/script/0").asText());

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Script.recorded(record))
                .containsExactly(
                        "-jar",
                        "/opt/stowage/quarkus-run.jar",
                        "check",
                        "--recursive",
                        "--filename=a $(touch x) *",
                        "--platform=linux/amd64,linux/arm64",
                        "--fail-on=undetermined",
                        "--output-file=junit=stowage.xml");
        assertThat(folder.resolve(job.at("/artifacts/reports/junit").asText())).exists();
        assertThat(folder.resolve("x")).doesNotExist();
        assertThat(job.at("/artifacts/when").asText()).isEqualTo("always");
        assertThat(job.at("/image/entrypoint/0").asText("none")).isEmpty();
        assertThat(Files.readString(Path.of("src/main/resources/application.properties")))
                .as("where the image has the application")
                .contains("quarkus.jib.working-directory=/opt/stowage\n");
    }

    @Test
    @DisplayName(
            "the page on pipelines has YAML that can be read, inputs, hooks and options that exist, and this version")
    void page() throws IOException {
        String page = Files.readString(Path.of("docs", "ci.md"));
        List<JsonNode> blocks = new ArrayList<>();
        for (MatchResult block : YAML_BLOCK.matcher(page).results().toList()) {
            blocks.add(new YAMLMapper().readTree(block.group(1)));
        }
        JsonNode action = yaml("action.yml");
        String help = CommandRun.withoutRegistry().run("check", "--help").out();

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(5);
        JsonNode step = blocks.get(0).at("/jobs/images/steps/1");
        assertThat(step.get("uses").asText()).startsWith("stowage-dev/stowage@v");
        assertThat(names(action.get("inputs"))).containsAll(names(step.get("with")));
        assertThat(INPUT_ROW.matcher(page).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(names(action.get("inputs")));
        assertThat(blocks).anyMatch(block -> "stowage-check"
                .equals(block.at("/repos/0/hooks/0/id").asText()));
        assertThat(CHECK_OPTION.matcher(page).results().map(MatchResult::group))
                .contains("--output-file")
                .allMatch(help::contains);
        String version = Version.current().replace("-SNAPSHOT", "");
        assertThat(VERSION.matcher(page).results().map(MatchResult::group))
                .isNotEmpty()
                .containsOnly(version);
        assertThat(action.at("/inputs/version/default").asText()).isEqualTo(version);
        assertThat(yaml(".gitlab/stowage.gitlab-ci.yml")
                        .at("/stowage-check/variables/STOWAGE_VERSION")
                        .asText())
                .isEqualTo(version);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode yaml(String file) throws IOException {
        return new YAMLMapper().readTree(Path.of(file).toFile());
    }
}
