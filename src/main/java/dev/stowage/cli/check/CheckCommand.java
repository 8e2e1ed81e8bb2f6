package dev.stowage.cli.check;

import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.engine.EngineOptions;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.manifest.ManifestFiles;
import dev.stowage.cli.manifest.ManifestReader;
import dev.stowage.cli.output.CheckFormat;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.ImageCheck;
import dev.stowage.cli.output.OutputFile;
import dev.stowage.cli.output.Progress;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.WorkloadReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage check}: do these images run there? */
@Command(
        name = "check",
        description = {
            "Checks whether images, or all images in manifests, run on the given platforms: the webhook's verdicts,"
                    + " before anything reaches a cluster.",
            "",
            "Exit code: 0 all run, 1 something does not, 2 something could not be determined (see --fail-on), 64 bad usage or input,"
                    + " or part of a folder could not be read and the rest runs."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage check nginx:1.27 --platform linux/amd64,linux/arm64",
            "  helm template ./chart | stowage check -f - --platform linux/arm64",
            "  kubectl kustomize overlays/prod | stowage check -f - --context prod",
            "  stowage check -f deploy/web.yaml --context prod --explain",
            "  stowage check -R -f deploy/ -o markdown --fail-on does-not-run >> $GITHUB_STEP_SUMMARY",
            "  stowage check -R -f deploy/ --output-file sarif=stowage.sarif --output-file junit=stowage.xml"
        })
public final class CheckCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final EngineFactory engines;
    private final String version;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "IMAGE", arity = "0..*", description = "Images, written as in a container's image field.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Manifests, YAML or JSON: a file, a directory, or - for standard input; may be repeated.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "Also read subdirectories.")
    private boolean recursive;

    @Option(
            names = "--no-custom-images",
            description = "Leave out images that custom resources name outside pod templates, such as spec.image."
                    + " Where their pods may run is not known, so for these one platform is enough.")
    private boolean noCustomImages;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private CheckFormat format;

    @Option(
            names = "--output-file",
            paramLabel = "FORMAT=FILE",
            description = "Also write the result in this format to this file; once for each format.")
    private Map<CheckFormat, Path> outputFiles = new LinkedHashMap<>();

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            defaultValue = "undetermined",
            description = "The verdicts that make the exit code other than 0: does-not-run, or undetermined for both"
                    + " (default: ${DEFAULT-VALUE}).")
    private FailOn failOn;

    @Option(
            names = {"-v", "--explain"},
            description = "Also explain which nodes count and why, what they take of each image, and what the webhook"
                    + " would do; with -o table or json.")
    private boolean explain;

    @Mixin
    private NodeOptions nodeOptions;

    @Mixin
    private EngineOptions engineOptions;

    public CheckCommand(Terminal terminal, EngineFactory engines, String version) {
        this.terminal = terminal;
        this.engines = engines;
        this.version = version;
    }

    @Override
    public Integer call() {
        if (images.isEmpty() && files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing to check: name an image, or manifests with -f FILE");
        }
        if (files.stream().filter("-"::equals).count() > 1) {
            throw new ParameterException(spec.commandLine(), "standard input can be read once: give -f - once");
        }
        if (explain && !format.explains()) {
            throw new ParameterException(spec.commandLine(), "--explain needs -o table or -o json");
        }
        nodeOptions.validate(spec.commandLine());
        LocalEngine engine = engines.open(engineOptions);
        ManifestReader manifests =
                new ManifestReader(new WorkloadReader(engine.workloads(), ReviewBudget.DEFAULT), !noCustomImages);
        List<String> unreadable = read(manifests);
        CheckedNodes nodes = nodeOptions.nodes(engine, terminal, engineOptions.timeout());
        Progress progress = new Progress(terminal, System::nanoTime);
        CheckRun run = new CheckRun(engine, nodes, engineOptions.timeout(), progress, explain);
        List<ImageCheck> checks = run.check(images, manifests.found());
        progress.end();
        unreadable.forEach(problem -> terminal.note("stowage: " + problem));
        run.notes().forEach(terminal::note);
        if (explain) {
            format.write(checks, run.explanations(), terminal);
        } else {
            format.write(checks, terminal, version);
        }
        outputFiles.forEach((form, file) -> OutputFile.write(file, terminal, to -> form.write(checks, to, version)));
        if (!files.isEmpty()) {
            terminal.note(Summary.of(checks, run.images(), manifests.passedOver()));
        }
        int code = failOn.exitCode(checks);
        return unreadable.isEmpty() || code == ExitCode.DOES_NOT_RUN ? code : ExitCode.USAGE;
    }

    /** What could not be read of folders; the rest is checked. A file that was named must be readable. */
    private List<String> read(ManifestReader reader) {
        ManifestFiles manifests = new ManifestFiles(reader, terminal.in(), recursive);
        List<String> problems = manifests.read(files);
        if (!problems.isEmpty()) {
            throw new StoppedException(ExitCode.USAGE, String.join("\n", problems));
        }
        manifests.hints().forEach(hint -> terminal.note("stowage: " + hint));
        return manifests.skipped();
    }
}
