package dev.stowage.cli.inspect;

import dev.stowage.async.Deadline;
import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.engine.EngineOptions;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.Attestations;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.InspectFormat;
import dev.stowage.cli.output.Inspection;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.resolve.ResolvedImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage inspect}: shows the contents of an image and how clients and nodes handle it. */
@Command(
        name = "inspect",
        description = {
            "Shows every entry of an image: platforms, attestations and their subjects, nested indexes, artifacts.",
            "",
            "Exit code: 0 it was read, 1 it does not exist or no node could use it, 2 it could not be read, 64 bad usage."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage inspect nginx:1.27",
            "  stowage inspect ghcr.io/acme/shop:1.4 --explain",
            "  stowage inspect ghcr.io/acme/shop:1.4 --attestations",
            "  stowage inspect ghcr.io/acme/shop:1.4 --raw | sha256sum",
            "  stowage inspect localhost:5000/shop -o json | jq '.entries[] | select(.kind == \"image\")'"
        })
public final class InspectCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final EngineFactory engines;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "IMAGE", arity = "1", description = "The image, written as in a container's image field.")
    private String image;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private InspectFormat format;

    @Option(
            names = "--explain",
            description =
                    "Also explain how old Docker clients, 'docker manifest create' and nodes of each platform handle it,"
                            + " and which build flags change that.")
    private boolean explain;

    @Option(
            names = "--attestations",
            description =
                    "Also show what attestations say (provenance, SBOMs) and which signatures there are; nothing is verified."
                            + " --explain implies it.")
    private boolean attestations;

    @Option(
            names = "--raw",
            description =
                    "Print the index or manifest as the registry sends it, byte for byte: its SHA-256 is the digest.")
    private boolean raw;

    @Mixin
    private EngineOptions engineOptions;

    public InspectCommand(Terminal terminal, EngineFactory engines) {
        this.terminal = terminal;
        this.engines = engines;
    }

    @Override
    public Integer call() {
        if (raw && (explain || attestations || format != InspectFormat.TABLE)) {
            throw new ParameterException(
                    spec.commandLine(), "--raw cannot be combined with --attestations, --explain or --output");
        }
        LocalEngine engine = engines.open(engineOptions);
        ImageReference reference = reference(engine);
        Deadline deadline = Deadline.in(engineOptions.timeout());
        ReadCredentials credentials = engine.keyring()
                .credentialsFor(reference.repository(), deadline)
                .join()
                .fold(found -> found, failure -> stop(reference, failure));
        if (raw) {
            terminal.write(engine.registry()
                    .manifest(reference.repository(), reference.target(), credentials, deadline)
                    .join()
                    .fold(Content::bytes, failure -> stop(reference, failure)));
            return ExitCode.RUNS;
        }
        ResolvedImage resolved = resolve(engine, reference, Set.of(), credentials, deadline);
        Document document = resolved.document().fold(found -> found, failure -> stop(reference, failure));
        List<Inspection.View> views = List.of();
        Optional<String> buildFlags = Optional.empty();
        if (explain) {
            Set<NodeProfile> profiles = NodeCompatibility.profiles(resolved);
            resolved = resolve(engine, reference, profiles, credentials, deadline);
            views = ClientCompatibility.of(resolved);
            buildFlags = Optional.of(BuildFlags.of(resolved));
        }
        Optional<Attestations> attested = attestations || explain
                ? Optional.of(AttestationInspector.of(resolved, engine.registry(), credentials, deadline))
                : Optional.empty();
        format.write(
                new Inspection(
                        reference.toString(),
                        reference.canonical(),
                        resolved.digest(),
                        document.mediaType(),
                        kind(document),
                        IndexEntries.of(resolved),
                        attested,
                        views,
                        buildFlags),
                terminal);
        return ExitCode.RUNS;
    }

    private ImageReference reference(LocalEngine engine) {
        try {
            return ImageReference.parse(image, engine.defaultRegistry());
        } catch (InvalidReferenceException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private ResolvedImage resolve(
            LocalEngine engine,
            ImageReference reference,
            Set<NodeProfile> profiles,
            ReadCredentials credentials,
            Deadline deadline) {
        return engine.resolver()
                .resolve(reference, profiles, explain, credentials, deadline)
                .join();
    }

    private static <T> T stop(ImageReference reference, RegistryFailure failure) {
        throw StoppedException.unreadable(reference, failure);
    }

    private static String kind(Document document) {
        if (document instanceof Index) {
            return "index";
        }
        boolean image =
                document instanceof Manifest manifest && manifest.notAnImage().isEmpty();
        return image ? "image" : "artifact";
    }
}
