package dev.stowage.cli.output;

import dev.stowage.attestation.Provenance;
import dev.stowage.attestation.Provenance.BaseImage;
import dev.stowage.attestation.Sbom;
import dev.stowage.attestation.Statement;
import dev.stowage.cli.output.Attestations.Layer;
import dev.stowage.cli.output.Attestations.Signature;
import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.image.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Attestations and signatures for people: some ten lines each, foreign text made printable. */
final class AttestationText {

    private static final int READABLE = 110;
    private static final int LABEL = 16;
    private static final int MAX_NAMED = 10;

    /** Tags of cosign and of referrers are long and say nothing that the digest does not. */
    private static final Pattern HASH = Pattern.compile("(-[0-9a-f]{12})[0-9a-f]{20,}");

    private final Terminal terminal;

    AttestationText(Terminal terminal) {
        this.terminal = terminal;
    }

    void write(Attestations found) {
        if (found.layers().isEmpty()
                && found.signatures().isEmpty()
                && found.failures().isEmpty()) {
            terminal.out().println();
            terminal.out().println("No attestations, no signatures.");
        }
        found.layers().forEach(this::layer);
        if (!found.signatures().isEmpty()) {
            heading("signatures", "not verified here");
            found.signatures().forEach(this::signature);
        }
        if (!found.failures().isEmpty()) {
            heading("not read", "");
            found.failures().forEach(failure -> line("", failure));
        }
    }

    private void layer(Layer layer) {
        heading(title(layer), "of " + layer.about());
        if (layer.statement().isPresent()) {
            statement(layer.statement().get(), layer);
        } else {
            other(layer);
        }
        layer.findings().forEach(finding -> line("note", finding));
    }

    private static String title(Layer layer) {
        if (layer.statement().isPresent()) {
            if (layer.statement().get().predicate() instanceof Provenance provenance) {
                return "provenance (SLSA " + provenance.version()
                        + provenance
                                .mode()
                                .map(mode -> ", mode=" + mode.name().toLowerCase(Locale.ROOT))
                                .orElse("") + ")";
            }
            if (layer.statement().get().predicate() instanceof Sbom sbom) {
                return "SBOM (" + Printable.of(sbom.format()) + ")";
            }
        }
        return "attestation";
    }

    private void statement(Statement statement, Layer layer) {
        if (statement.predicate() instanceof Provenance provenance) {
            provenance(provenance);
        } else if (statement.predicate() instanceof Sbom sbom) {
            sbom(sbom);
        } else {
            other(layer);
        }
    }

    private void other(Layer layer) {
        line("type", layer.predicateType().isEmpty() ? layer.mediaType() : layer.predicateType());
        line("size", layer.size() + " bytes");
        line("digest", layer.digest().toString());
    }

    private void provenance(Provenance provenance) {
        line("builder", provenance.builder().isEmpty() ? "not named" : provenance.builder());
        line("build type", provenance.buildType());
        line("source", source(provenance));
        line("entry point", provenance.entryPoint());
        line("built", times(provenance));
        line("built on", provenance.builderPlatform());
        line("materials", String.valueOf(provenance.materials()));
        List<BaseImage> bases = provenance.baseImages();
        bases.stream().limit(MAX_NAMED).forEach(base -> line("base image", baseImage(base)));
        if (bases.size() > MAX_NAMED) {
            line("base images", (bases.size() - MAX_NAMED) + " more");
        }
        if (!provenance.buildArguments().isEmpty()) {
            line("build arguments", some(provenance.buildArguments()) + " (values are not shown)");
        }
    }

    private static String source(Provenance provenance) {
        String revision = provenance.revision().isEmpty() ? "" : " at " + provenance.revision();
        String dirty = provenance.dirty() ? ", with changes that were not committed" : "";
        return provenance.source().isEmpty() && revision.isEmpty()
                ? "a local folder"
                : (provenance.source().isEmpty() ? "a local folder" : provenance.source()) + revision + dirty;
    }

    private static String times(Provenance provenance) {
        if (provenance.started().isEmpty()) {
            return provenance.finished();
        }
        try {
            Duration took = Duration.between(Instant.parse(provenance.started()), Instant.parse(provenance.finished()));
            return provenance.started() + ", in " + took.toSeconds() + " s";
        } catch (DateTimeParseException | ArithmeticException e) {
            return provenance.started();
        }
    }

    private static String baseImage(BaseImage base) {
        return base.name()
                + (base.platform().isEmpty() ? "" : " (" + base.platform() + ")")
                + (base.digest().isEmpty() ? "" : " " + base.digest());
    }

    private void sbom(Sbom sbom) {
        line("tool", some(sbom.tools()));
        line("packages", packages(sbom));
        line("distribution", sbom.distribution());
        String more = sbom.licences() == Sbom.MAX_LICENCES ? " or more" : "";
        line("licences", sbom.licences() + more + ", " + sbom.unlicensed() + " packages without");
    }

    private static String packages(Sbom sbom) {
        String kinds = sbom.ecosystems().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_NAMED)
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
        return sbom.packages() + (kinds.isEmpty() ? "" : ": " + kinds);
    }

    private static String some(List<String> names) {
        String more = names.size() > MAX_NAMED ? " and " + (names.size() - MAX_NAMED) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size()))) + more;
    }

    private void signature(Signature signature) {
        String place = signature.tag().isEmpty()
                ? signature.digest().abbreviated() + " among the referrers"
                : "at " + HASH.matcher(signature.tag()).replaceFirst("$1…");
        terminal.out().println("  " + signature.kind() + " of " + signature.about() + ", " + place);
    }

    private void heading(String heading, String rest) {
        String shown = Printable.of(heading);
        terminal.out().println();
        terminal.out().println((terminal.colours() ? Colour.BOLD.paint(shown) : shown) + " " + Printable.of(rest));
    }

    /** Nothing for an empty text. */
    private void line(String label, String text) {
        if (text.isEmpty()) {
            return;
        }
        String indent = label.isEmpty() ? "" : " ".repeat(LABEL);
        List<String> lines =
                TextTable.wrap(Printable.of(text), Math.min(terminal.width(), READABLE) - 2 - indent.length());
        String first = label.isEmpty() ? "" : String.format("%-" + LABEL + "s", label);
        terminal.out().println("  " + first + lines.get(0));
        lines.subList(1, lines.size()).forEach(line -> terminal.out().println("  " + indent + line));
    }
}
