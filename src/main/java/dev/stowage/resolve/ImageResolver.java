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
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Determines what nodes would pull of an image: reads the document that the reference names, lets the runtime of every profile select
 * what it needs next, fetches all of that at once, and so on until every runtime is finished. The number of rounds is
 * bounded by how deep indexes may nest, the number of requests a round by the number of profiles.
 */
public final class ImageResolver {

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
        }

        CompletableFuture<ResolvedImage> run() {
            return document(reference.target(), top.contentType(), top)
                    .fold(
                            this::follow,
                            failure -> CompletableFuture.completedFuture(
                                    ResolvedImage.unreadable(reference, Optional.of(top.digest()), profiles, failure)));
        }

        private CompletableFuture<ResolvedImage> follow(Document document) {
            Map<NodeProfile, Selection> selections = new LinkedHashMap<>();
            for (NodeProfile profile : profiles) {
                new ManifestSelector(profile, documents, fetched, readsManifests)
                        .select(document)
                        .ifPresent(selection -> selections.put(profile, selection));
            }
            Optional<RegistryResult<ImageConfig>> config =
                    document instanceof Manifest manifest && manifest.hasImageConfig()
                            ? fetched.config(manifest.config(), true)
                            : Optional.empty();
            List<CompletableFuture<Runnable>> arriving = fetchWanted();
            if (!arriving.isEmpty()) {
                // one thread fills the state, after all have arrived
                return CancellableFutures.then(CancellableFutures.all(arriving), all -> {
                    arriving.forEach(arrival -> arrival.join().run());
                    return follow(document);
                });
            }
            return CompletableFuture.completedFuture(new ResolvedImage(
                    reference,
                    Optional.of(top.digest()),
                    new RegistryResult.Success<>(document),
                    config.flatMap(answer -> answer.fold(Optional::of, failure -> Optional.<ImageConfig>empty())),
                    selections,
                    top.stale()));
        }

        private List<CompletableFuture<Runnable>> fetchWanted() {
            List<CompletableFuture<Runnable>> arriving = new ArrayList<>();
            for (Descriptor entry : fetched.wantedDocuments()) {
                arriving.add(CancellableFutures.map(
                        registry.manifest(repository(), entry, credentials, deadline),
                        answer -> () -> fetched.put(
                                entry, answer.fold(content -> document(entry, content), RegistryResult.Failure::new))));
            }
            for (Descriptor config : fetched.wantedConfigs()) {
                arriving.add(CancellableFutures.map(
                        registry.blob(repository(), config, credentials, deadline),
                        answer -> () -> fetched.putConfig(
                                config, answer.fold(content -> config(config, content), RegistryResult.Failure::new))));
            }
            return arriving;
        }

        /** Children are read as what the index says they are; the Content-Type that they are served with does not count. */
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
            return RegistryFailure.of(
                    kind, repository().registry(), repository().path() + "@" + target, String.valueOf(e.getMessage()));
        }

        private Repository repository() {
            return reference.repository();
        }
    }
}
