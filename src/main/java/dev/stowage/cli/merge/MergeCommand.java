package dev.stowage.cli.merge;

import dev.stowage.async.Deadline;
import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.engine.EngineOptions;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.InspectFormat;
import dev.stowage.cli.output.Inspection;
import dev.stowage.cli.output.Progress;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.push.PushException;
import dev.stowage.registry.push.RegistryWriter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage merge}: checks images that are to become one index, and shows the index and the commands that make it. */
@Command(
        name = "merge",
        description = {
            "Shows the index that several images, each with its attestations, become, and the commands that push it. With --push, pushes it.",
            "",
            "Exit code: 0 they can be merged, 1 they cannot, 2 an image could not be read or pushed, 64 bad usage."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage merge ghcr.io/acme/shop:1.4 ghcr.io/acme/shop-amd64:1.4 ghcr.io/acme/shop-arm64:1.4",
            "  stowage merge --push ghcr.io/acme/shop:1.4 ghcr.io/acme/shop-amd64:1.4 ghcr.io/acme/shop-arm64:1.4"
        })
public final class MergeCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final EngineFactory engines;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TARGET", description = "The image to be made, with a tag.")
    private String target;

    @Parameters(index = "1", paramLabel = "SOURCE", arity = "1..*", description = "The images that it is made of.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--push",
            description =
                    "Also copy the images and attestations to TARGET's repository and push the index, its tag last, with"
                            + " Docker's logins. What is there is not sent again.")
    private boolean push;

    @Mixin
    private EngineOptions engineOptions;

    public MergeCommand(Terminal terminal, EngineFactory engines) {
        this.terminal = terminal;
        this.engines = engines;
    }

    @Override
    public Integer call() {
        LocalEngine engine = engines.open(engineOptions);
        ImageReference to = reference(target, engine);
        if (to.digest().isPresent()) {
            throw new ParameterException(spec.commandLine(), "TARGET needs a tag, not a digest: " + to);
        }
        Deadline deadline = Deadline.in(engineOptions.timeout());
        MergeSourceReader reader = new MergeSourceReader(engine.registry());
        List<MergeSource> read = new ArrayList<>();
        Map<Repository, ReadCredentials> access = new HashMap<>();
        for (String source : sources) {
            ImageReference reference = reference(source, engine);
            ReadCredentials credentials = credentials(engine, reference, deadline);
            access.put(reference.repository(), credentials);
            read.add(reader.read(reference, credentials, deadline));
        }
        MergePlan plan = MergePlan.of(read);
        print(plan, to);
        if (push) {
            push(plan, to, engine, access);
        } else {
            printCommands(plan, to);
        }
        return ExitCode.RUNS;
    }

    private void push(MergePlan plan, ImageReference to, LocalEngine engine, Map<Repository, ReadCredentials> access) {
        Duration timeout = engineOptions.timeout();
        List<Repository> mountable = access.keySet().stream()
                .filter(source -> source.registry().equals(to.repository().registry()))
                .filter(source -> !source.equals(to.repository()))
                .toList();
        ReadCredentials credentials = credentials(engine, to, Deadline.in(timeout));
        try (RegistryWriter writer =
                new RegistryWriter(engine.registries(), to.repository(), credentials, mountable, timeout)) {
            String done = new MergePush(
                            engine.registry(), access, writer, to, timeout, new Progress(terminal, System::nanoTime))
                    .push(plan, () -> new PushedIndex(engine, to, plan).judge(Deadline.in(timeout)));
            terminal.out().println();
            terminal.out().println(done);
            terminal.out().println(to.repository() + "@" + plan.digest());
            terminal.out().flush();
        } catch (PushException e) {
            throw new StoppedException(ExitCode.UNDETERMINED, e.getMessage());
        }
    }

    private static ReadCredentials credentials(LocalEngine engine, ImageReference reference, Deadline deadline) {
        return engine.keyring()
                .credentialsFor(reference.repository(), deadline)
                .join()
                .fold(found -> found, failure -> {
                    throw StoppedException.unreadable(reference, failure);
                });
    }

    private ImageReference reference(String image, LocalEngine engine) {
        try {
            return ImageReference.parse(image, engine.defaultRegistry());
        } catch (InvalidReferenceException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private void print(MergePlan plan, ImageReference to) {
        InspectFormat.TABLE.write(
                new Inspection(
                        to.toString(),
                        to.canonical(),
                        Optional.empty(),
                        plan.mediaType(),
                        "index",
                        entries(plan),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()),
                terminal);
        PrintWriter out = terminal.out();
        if (!plan.warnings().isEmpty()) {
            out.println();
            plan.warnings().forEach(warning -> out.println("warning: " + Printable.of(warning)));
        }
        out.flush();
    }

    private void printCommands(MergePlan plan, ImageReference to) {
        PrintWriter out = terminal.out();
        out.println();
        out.println("To push it with Docker:");
        out.println("  docker buildx imagetools create -t " + to.canonical() + sources(plan, ""));
        out.println();
        out.println("To push it with crane, which makes " + plan.digest() + " of it:");
        String base = plan.mediaType().equals(MediaTypes.DOCKER_LIST) ? " --docker-empty-base" : "";
        out.println("  crane index append -t " + to.canonical() + base + sources(plan, "-m "));
        out.flush();
    }

    private static String sources(MergePlan plan, String option) {
        return plan.sources().stream()
                .map(source -> " \\\n    " + option + source.pinned())
                .collect(Collectors.joining());
    }

    private static List<Inspection.Entry> entries(MergePlan plan) {
        return plan.sources().stream()
                .flatMap(source -> source.entries().stream())
                .map(MergeCommand::entry)
                .toList();
    }

    private static Inspection.Entry entry(MergedEntry entry) {
        Descriptor descriptor = entry.descriptor();
        return new Inspection.Entry(
                descriptor.platform().map(Object::toString).orElse(""),
                descriptor.digest(),
                OptionalLong.of(descriptor.size()),
                entry.isImage() ? "image" : "attestation",
                Printable.of(descriptor.mediaType()),
                Printable.of(descriptor.artifactType()),
                Attestation.subject(descriptor),
                entry.about().map(about -> "attests " + about).orElse("from " + entry.source()));
    }
}
