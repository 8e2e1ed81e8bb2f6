package dev.stowage.cli.inspect;

import dev.stowage.async.Deadline;
import dev.stowage.attestation.InvalidStatementException;
import dev.stowage.attestation.Statement;
import dev.stowage.attestation.StatementReader;
import dev.stowage.cli.output.Attestations;
import dev.stowage.cli.output.Attestations.Layer;
import dev.stowage.cli.output.Attestations.Signature;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.Index;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.Manifest;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.resolve.ResolvedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads what is attested of an image: the attestations in its index, those of cosign, and what refers to it. Nothing is verified. */
final class AttestationInspector {

    private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String DSSE = "application/vnd.dsse.envelope.v1+json";
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.";
    private static final int MAX_ATTESTATIONS = 64;
    private static final int MAX_SUBJECTS = 10;
    private static final int MAX_REFERRERS = 50;
    private static final int MAX_LAYERS = 20;
    private static final long MAX_BYTES = 1L << 30;

    /** What a download may take longer than the command, for each MiB. */
    private static final Duration PER_MEBIBYTE = Duration.ofSeconds(5);

    private final Registry registry;
    private final Repository repository;
    private final ReadCredentials credentials;
    private final Deadline deadline;
    private final Path folder;
    private final DocumentReader documents = new DocumentReader();
    private final StatementReader statements = new StatementReader();
    private long bytesLeft = MAX_BYTES;
    private final List<Layer> layers = new ArrayList<>();
    private final List<Signature> signatures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private AttestationInspector(
            Registry registry, Repository repository, ReadCredentials credentials, Deadline deadline, Path folder) {
        this.registry = registry;
        this.repository = repository;
        this.credentials = credentials;
        this.deadline = deadline;
        this.folder = folder;
    }

    /**
     * Reads all of it.
     *
     * @param deadline when all of it must be read, but for large layers
     * @throws StoppedException when no temporary folder can be made
     */
    static Attestations of(ResolvedImage image, Registry registry, ReadCredentials credentials, Deadline deadline) {
        try {
            Path folder = Files.createTempDirectory("stowage-attestations");
            try {
                return new AttestationInspector(registry, image.reference().repository(), credentials, deadline, folder)
                        .inspect(image);
            } finally {
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new StoppedException(
                    ExitCode.UNDETERMINED, "cannot keep attestations in a temporary file: " + e.getMessage());
        }
    }

    private Attestations inspect(ResolvedImage image) throws IOException {
        List<Descriptor> entries = image.index().map(Index::entries).orElse(List.of());
        List<RelatedArtifacts> related = subjects(image, entries).entrySet().stream()
                .map(subject -> related(subject.getKey(), subject.getValue()))
                .toList();
        List<Descriptor> attestations =
                entries.stream().filter(Attestation::isAnnotated).toList();
        for (Descriptor entry : bounded(attestations, MAX_ATTESTATIONS, "attestations were read")) {
            attestation(entry, image);
        }
        for (RelatedArtifacts each : related) {
            read(each);
        }
        return new Attestations(layers, signatures, failures);
    }

    private <T> List<T> bounded(List<T> all, int most, String what) {
        if (all.size() <= most) {
            return all;
        }
        failures.add("only the first " + most + " of " + all.size() + " " + what);
        return all.subList(0, most);
    }

    /** What signatures may be about: the image that the reference names, and those in its index. */
    private Map<Digest, String> subjects(ResolvedImage image, List<Descriptor> entries) {
        Map<Digest, String> subjects = new LinkedHashMap<>();
        image.digest().ifPresent(digest -> subjects.put(digest, entries.isEmpty() ? "the image" : "the index"));
        for (Descriptor entry : entries) {
            if (!Attestation.isAnnotated(entry)) {
                subjects.putIfAbsent(entry.digest(), IndexEntries.named(entry));
            }
        }
        Map<Digest, String> few = new LinkedHashMap<>();
        bounded(List.copyOf(subjects.entrySet()), MAX_SUBJECTS, "images were searched for signatures")
                .forEach(subject -> few.put(subject.getKey(), subject.getValue()));
        return few;
    }

    private void attestation(Descriptor entry, ResolvedImage image) throws IOException {
        Optional<Digest> subject = Attestation.subject(entry);
        String about =
                subject.map(digest -> IndexEntries.whose(digest, image.index())).orElse("no subject");
        Optional<Manifest> manifest =
                manifest(registry.manifest(repository, entry, credentials, deadline), entry.digest());
        if (manifest.isPresent()) {
            statements(manifest.get(), entry.digest(), about, layer -> AttestationFindings.of(layer, entry, image));
        }
    }

    /** Finds what is remarkable about a statement. */
    @FunctionalInterface
    private interface Findings {
        List<String> of(Statement statement);
    }

    private void statements(Manifest manifest, Digest digest, String about, Findings findings) throws IOException {
        for (Descriptor layer :
                bounded(manifest.layers(), MAX_LAYERS, "layers of " + digest.abbreviated() + " were read")) {
            boolean statement = layer.mediaType().equals(IN_TOTO)
                    || layer.mediaType().equals(DSSE)
                    || layer.mediaType().startsWith(BUNDLE);
            Optional<Statement> read = statement ? statement(layer) : Optional.empty();
            String declared = layer.annotations().getOrDefault(PREDICATE_TYPE, "");
            layers.add(new Layer(
                    about,
                    digest,
                    layer.digest(),
                    layer.mediaType(),
                    read.map(Statement::predicateType).orElse(declared),
                    layer.size(),
                    read,
                    read.map(findings::of).orElse(List.of())));
        }
    }

    private Optional<Statement> statement(Descriptor layer) throws IOException {
        if (layer.size() > bytesLeft) {
            failures.add(layer.digest().abbreviated() + " was not read: all statements together are larger than "
                    + MAX_BYTES + " bytes");
            return Optional.empty();
        }
        bytesLeft -= layer.size();
        Path file = folder.resolve(layer.digest().hex() + ".json");
        try {
            RegistryResult<Path> downloaded = registry.download(
                            repository, layer, file, credentials, Deadline.in(time(layer.size())))
                    .join();
            Optional<Path> there = downloaded.fold(Optional::of, failure -> {
                failed(layer.digest(), failure);
                return Optional.<Path>empty();
            });
            return there.isPresent() ? Optional.of(statements.read(file)) : Optional.empty();
        } catch (InvalidStatementException e) {
            failures.add(layer.digest().abbreviated() + " cannot be read: " + e.getMessage());
            return Optional.empty();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Duration time(long size) {
        return deadline.remaining().plus(PER_MEBIBYTE.multipliedBy(size >> 20));
    }

    private void failed(Digest digest, RegistryFailure failure) {
        failures.add(digest.abbreviated() + ": " + failure.kind().label() + ": " + failure.reason());
    }

    private Optional<Manifest> manifest(CompletableFuture<RegistryResult<Content>> read, Digest digest) {
        return document(read, digest).filter(Manifest.class::isInstance).map(Manifest.class::cast);
    }

    private Optional<Document> document(CompletableFuture<RegistryResult<Content>> read, Digest digest) {
        return read.join()
                .fold(
                        content -> {
                            try {
                                return Optional.of(documents.document(content.bytes(), content.contentType()));
                            } catch (InvalidDocumentException e) {
                                failures.add(digest.abbreviated() + " cannot be read: " + e.getMessage());
                                return Optional.<Document>empty();
                            }
                        },
                        failure -> {
                            failed(digest, failure);
                            return Optional.empty();
                        });
    }

    /**
     * What may stand next to an image, requested at once.
     *
     * @param tags what cosign's tags name
     * @param referrers the list of referrers
     */
    private record RelatedArtifacts(
            Digest subject,
            String about,
            Map<CosignTag, CompletableFuture<RegistryResult<Digest>>> tags,
            CompletableFuture<RegistryResult<Content>> referrers) {}

    private RelatedArtifacts related(Digest subject, String about) {
        Map<CosignTag, CompletableFuture<RegistryResult<Digest>>> tags = new EnumMap<>(CosignTag.class);
        for (CosignTag tag : CosignTag.values()) {
            tags.put(tag, registry.digest(repository, tag.of(subject), credentials, deadline));
        }
        return new RelatedArtifacts(
                subject, about, tags, registry.referrers(repository, subject, credentials, deadline));
    }

    private void read(RelatedArtifacts next) throws IOException {
        for (Map.Entry<CosignTag, CompletableFuture<RegistryResult<Digest>>> tag :
                next.tags().entrySet()) {
            Optional<Digest> found =
                    tag.getValue().join().fold(Optional::of, failure -> missing(next.subject(), failure));
            if (found.isPresent()) {
                CosignTag kind = tag.getKey();
                signatures.add(new Signature(kind.label(), kind.of(next.subject()), found.get(), next.about()));
                if (kind == CosignTag.ATTESTATION) {
                    signed(found.get(), next.subject(), next.about());
                }
            }
        }
        Optional<Content> listed =
                next.referrers().join().fold(Optional::of, failure -> missing(next.subject(), failure));
        if (listed.isPresent()) {
            referrers(listed.get(), next.subject(), next.about());
        }
    }

    private <T> Optional<T> missing(Digest subject, RegistryFailure failure) {
        if (failure.kind() != RegistryFailure.Kind.NOT_FOUND) {
            failed(subject, failure);
        }
        return Optional.empty();
    }

    private void referrers(Content listed, Digest subject, String about) throws IOException {
        Optional<Document> document =
                document(CompletableFuture.completedFuture(new RegistryResult.Success<>(listed)), listed.digest());
        if (document.isEmpty() || !(document.get() instanceof Index index)) {
            return;
        }
        for (Descriptor entry :
                bounded(index.entries(), MAX_REFERRERS, "referrers of " + subject.abbreviated() + " were read")) {
            String type = entry.artifactType().isEmpty() ? entry.mediaType() : entry.artifactType();
            boolean bundle = type.startsWith(BUNDLE);
            signatures.add(new Signature(
                    bundle ? "Sigstore bundle" : "artifact of type " + Printable.of(type), "", entry.digest(), about));
            if (bundle) {
                signed(entry.digest(), subject, about);
            }
        }
    }

    private void signed(Digest manifest, Digest subject, String about) throws IOException {
        Optional<Manifest> found =
                manifest(registry.manifest(repository, manifest.toString(), credentials, deadline), manifest);
        if (found.isPresent()) {
            statements(found.get(), manifest, about, statement -> AttestationFindings.of(statement, subject));
        }
    }
}
