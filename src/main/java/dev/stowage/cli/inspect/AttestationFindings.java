package dev.stowage.cli.inspect;

import dev.stowage.attestation.Provenance;
import dev.stowage.attestation.Provenance.BaseImage;
import dev.stowage.attestation.Statement;
import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.resolve.ResolvedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is remarkable about a statement: where it contradicts the index that it is in, and what it leaves open. */
final class AttestationFindings {

    private AttestationFindings() {}

    /** About a statement in an index. */
    static List<String> of(Statement statement, Descriptor entry, ResolvedImage image) {
        List<String> findings = new ArrayList<>();
        Optional<Digest> subject = Attestation.subject(entry);
        if (subject.isEmpty()) {
            findings.add("the index does not say which image it is about");
        } else {
            if (!isIn(subject.get(), image)) {
                findings.add("it is about " + subject.get().abbreviated() + ", which is not in this index");
            }
            otherSubject(statement, subject.get(), image).ifPresent(findings::add);
        }
        findings.addAll(baseImages(statement));
        return findings;
    }

    /** About a statement that stands next to an image. */
    static List<String> of(Statement statement, Digest subject) {
        List<String> findings = new ArrayList<>();
        if (!statement.subjects().isEmpty() && !statement.subjects().contains(subject)) {
            findings.add("the statement is about " + statement.subjects().get(0).abbreviated() + ", not about "
                    + subject.abbreviated());
        }
        findings.addAll(baseImages(statement));
        return findings;
    }

    private static boolean isIn(Digest digest, ResolvedImage image) {
        return image.index()
                .map(index -> index.entries().stream()
                        .anyMatch(entry -> entry.digest().equals(digest)))
                .orElse(false);
    }

    private static Optional<String> otherSubject(Statement statement, Digest subject, ResolvedImage image) {
        if (statement.subjects().isEmpty() || statement.subjects().contains(subject)) {
            return Optional.empty();
        }
        return Optional.of("the statement is about "
                + IndexEntries.whose(statement.subjects().get(0), image.index()) + ", but the index lists it as about "
                + IndexEntries.whose(subject, image.index()));
    }

    private static List<String> baseImages(Statement statement) {
        if (!(statement.predicate() instanceof Provenance provenance)) {
            return List.of();
        }
        return provenance.baseImages().stream()
                .filter(base -> base.digest().isEmpty())
                .map(BaseImage::name)
                .distinct()
                .map(name -> "base image " + Printable.of(name)
                        + " has no digest: the provenance does not say which image it was")
                .toList();
    }
}
