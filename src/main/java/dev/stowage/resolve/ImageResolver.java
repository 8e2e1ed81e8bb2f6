package dev.stowage.resolve;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Determines what nodes would pull of an image: reads the document that the reference names, lets the runtime of every profile select
 * what it needs next, fetches all of that at once, and so on until every runtime is finished. The number of rounds is
 * bounded by how deep indexes may nest, the number of requests a round by the number of profiles and what each fetches in addition.
 */
public final class ImageResolver {

    /** The largest manifest that containers/image reads, less than containerd. */
    private static final int CRIO_BYTES = 4 << 20;

    private final Registry registry;
    private final ParsedDocumentCache documents;

    /** A resolver that reads from this registry. */
    public ImageResolver(Registry registry, DocumentReader reader) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.documents = new ParsedDocumentCache(Objects.requireNonNull(reader, "reader"));
    }

    /**
     * Resolves an image.
     *
     * @param reference the image
     * @param profiles the node profiles to follow through it
     * @param readsManifests whether manifests and configs behind matching entries are read, rather than the index believed
     * @param credentials the credentials to read with
     * @param deadline when the answer is due
     * @return completes by the deadline, never exceptionally; cancelling it calls off the requests that it waits for
     */
    public CompletableFuture<ResolvedImage> resolve(
            ImageReference reference,
            Set<NodeProfile> profiles,
            boolean readsManifests,
            ReadCredentials credentials,
            Deadline deadline) {
        return CancellableFutures.then(
                registry.manifest(reference.repository(), reference.target(), credentials, deadline),
                answer -> answer.fold(
                        content -> new Resolution(
                                        reference,
                                        content,
                                        NodeProfile.possible(profiles),
                                        readsManifests,
                                        credentials,
                                        deadline)
                                .run(),
                        failure -> CompletableFuture.completedFuture(
                                ResolvedImage.unreadable(reference, profiles, failure))));
    }

    /** Reading one image, from the arrival of its top document on. */
    private final class Resolution {

        private final ImageReference reference;
        private final Content top;
        private final Set<NodeProfile> profiles;
        private final boolean readsManifests;
        private final ReadCredentials credentials;
        private final Deadline deadline;
        private final FetchState fetched;
        /** For runtimes that take the types of all documents from the responses to GET. */
        private final FetchState fetchedAsServed;

        Resolution(
                ImageReference reference,
                Content top,
                Set<NodeProfile> profiles,
                boolean readsManifests,
                ReadCredentials credentials,
                Deadline deadline) {
            this.reference = reference;
            this.top = top;
            this.profiles = profiles;
            this.readsManifests = readsManifests;
            this.credentials = credentials;
            this.deadline = deadline;
            this.fetched = new FetchState(
                    entry -> registry.known(repository(), entry, credentials).map(content -> document(entry, content)),
                    config ->
                            registry.known(repository(), config, credentials).map(content -> config(config, content)));
            this.fetchedAsServed = new FetchState(fetched, entry -> registry.known(repository(), entry, credentials)
                    .map(content -> documentAsServed(entry.digest().toString(), content)));
        }

        CompletableFuture<ResolvedImage> run() {
            RegistryResult<Document> byHead = documentByHead();
            return follow(
                    byHead,
                    top.head().isEmpty() && top.bytes().length <= CRIO_BYTES
                            ? refusedIfMisnamed(reference.target(), byHead)
                            : documentAsServed(reference.target(), top));
        }

        /**
         * Goes one round further.
         *
         * @param byHead the document for runtimes that believe the response to HEAD
         * @param asServed the document for those that believe the response to GET
         */
        private CompletableFuture<ResolvedImage> follow(
                RegistryResult<Document> byHead, RegistryResult<Document> asServed) {
            Map<NodeProfile, Selection> selections = new LinkedHashMap<>();
            for (NodeProfile profile : profiles) {
                boolean trustsHead = profile.runtime().trustsHeadContentType();
                ManifestSelector selector = new ManifestSelector(
                        profile, documents, trustsHead ? fetched : fetchedAsServed, readsManifests);
                (trustsHead ? byHead : asServed)
                        .fold(
                                selector::select,
                                failure -> Optional.of(new Selection.Unreadable(failure, Optional.empty())))
                        .ifPresent(selection -> selections.put(profile, selection));
            }
            RegistryResult<Document> document = byHead.fold(read -> byHead, failure -> asServed);
            Optional<RegistryResult<ImageConfig>> config = document.fold(this::configOf, failure -> Optional.empty());
            List<CompletableFuture<Runnable>> arriving = fetchWanted();
            if (!arriving.isEmpty()) {
                // one thread fills the state, after all have arrived
                return CancellableFutures.then(CancellableFutures.all(arriving), all -> {
                    arriving.forEach(arrival -> arrival.join().run());
                    return follow(byHead, asServed);
                });
            }
            return CompletableFuture.completedFuture(new ResolvedImage(
                    reference,
                    Optional.of(top.digest()),
                    document,
                    config.flatMap(answer -> answer.fold(Optional::of, failure -> Optional.<ImageConfig>empty())),
                    selections,
                    top.stale()));
        }

        private Optional<RegistryResult<ImageConfig>> configOf(Document document) {
            return document instanceof Manifest manifest && manifest.hasImageConfig()
                    ? fetched.config(manifest.config(), true)
                    : Optional.empty();
        }

        private List<CompletableFuture<Runnable>> fetchWanted() {
            List<CompletableFuture<Runnable>> arriving = new ArrayList<>();
            for (Descriptor entry : fetched.wantedDocuments()) {
                arriving.add(CancellableFutures.map(
                        registry.manifest(repository(), entry, credentials, deadline), answer -> () -> {
                            fetched.put(entry, documentOf(answer, content -> document(entry, content)));
                            fetchedAsServed.put(
                                    entry,
                                    documentOf(
                                            answer,
                                            content -> documentAsServed(
                                                    entry.digest().toString(), content)));
                        }));
            }
            for (Descriptor config : fetched.wantedConfigs()) {
                arriving.add(CancellableFutures.map(
                        registry.blob(repository(), config, credentials, deadline),
                        answer -> () -> fetched.putConfig(
                                config, answer.fold(content -> config(config, content), RegistryResult.Failure::new))));
            }
            return arriving;
        }

        /** containerd refuses what has another length than the response to HEAD declares. */
        private RegistryResult<Document> documentByHead() {
            OptionalLong declared = top.head().map(Content.Head::length).orElse(OptionalLong.empty());
            if (declared.isPresent() && declared.getAsLong() != top.bytes().length) {
                return invalid(
                        reference.target(),
                        "a HEAD request declares " + declared.getAsLong() + " bytes and GET returns "
                                + top.bytes().length
                                + ", which containerd refuses; switch off the compression of manifests at the registry or its proxy");
            }
            String type = top.head().map(Content.Head::contentType).orElse(top.contentType());
            return document(reference.target(), type, top);
        }

        /** As CRI-O reads it, which believes the response to GET, of children too. */
        private RegistryResult<Document> documentAsServed(String target, Content content) {
            if (content.bytes().length > CRIO_BYTES) {
                return new RegistryResult.Failure<>(failure(
                        RegistryFailure.Kind.TOO_LARGE,
                        target,
                        "it has " + content.bytes().length + " bytes, and cri-o reads manifests of " + CRIO_BYTES
                                + " at most"));
            }
            return refusedIfMisnamed(target, document(target, content.contentType(), content));
        }

        private RegistryResult<Document> refusedIfMisnamed(String target, RegistryResult<Document> read) {
            boolean misnamed = read.fold(
                    document -> document instanceof Manifest manifest
                            && MediaTypes.DOCKER_MANIFEST.equals(manifest.mediaType())
                            && MediaTypes.OCI_CONFIG.equals(manifest.config().mediaType()),
                    failure -> false);
            return misnamed
                    ? invalid(
                            target,
                            "it is an OCI manifest served with Content-Type " + MediaTypes.DOCKER_MANIFEST
                                    + ", which CRI-O refuses; make the registry send the document's media type")
                    : read;
        }

        private static RegistryResult<Document> documentOf(
                RegistryResult<Content> answer, Function<Content, RegistryResult<Document>> reading) {
            return answer.fold(reading, RegistryResult.Failure::new);
        }

        private RegistryResult<Document> invalid(String target, String reason) {
            return new RegistryResult.Failure<>(failure(RegistryFailure.Kind.INVALID, target, reason));
        }

        /** containerd reads children as what the index says they are, whatever Content-Type they are served with. */
        private RegistryResult<Document> document(Descriptor entry, Content content) {
            return document(entry.digest().toString(), entry.mediaType(), content);
        }

        private RegistryResult<Document> document(String target, String mediaType, Content content) {
            try {
                return new RegistryResult.Success<>(documents.document(content, mediaType));
            } catch (InvalidDocumentException e) {
                return new RegistryResult.Failure<>(unusable(target, e));
            }
        }

        private RegistryResult<ImageConfig> config(Descriptor config, Content content) {
            try {
                return new RegistryResult.Success<>(documents.config(content));
            } catch (InvalidDocumentException e) {
                return new RegistryResult.Failure<>(unusable(config.digest().toString(), e));
            }
        }

        private RegistryFailure unusable(String target, InvalidDocumentException e) {
            RegistryFailure.Kind kind =
                    switch (e.kind()) {
                        case MALFORMED -> RegistryFailure.Kind.INVALID;
                        case NOT_AN_IMAGE -> RegistryFailure.Kind.NOT_AN_IMAGE;
                    };
            return failure(kind, target, String.valueOf(e.getMessage()));
        }

        private RegistryFailure failure(RegistryFailure.Kind kind, String target, String reason) {
            return RegistryFailure.of(
                    kind, repository().registry(), repository().path() + "@" + target, reason);
        }

        private Repository repository() {
            return reference.repository();
        }
    }
}
