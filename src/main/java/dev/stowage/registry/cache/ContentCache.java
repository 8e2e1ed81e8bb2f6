package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryResult;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Content by digest. The bytes are stored once for each digest; access to them is stored apart, as proofs: this identity read this
 * digest from this repository. Without a proof of the same identity, or an anonymous one, the content is not found.
 */
final class ContentCache {

    private static final int OVERHEAD = 240;
    private static final int CLAIM = 24;

    /** Manifests and blobs are served by different paths of a registry, and what is readable as one need not be as the other. */
    private record Proof(CacheObserver.ResourceType type, Repository repository, Digest digest, String identity) {
        int weight() {
            return OVERHEAD + CacheKey.weight(repository) + digest.hex().length() + identity.length();
        }
    }

    /** What a repository says of content, for which the digest does not vouch. */
    private record Claim(String contentType, Optional<Content.Head> head) {
        static Claim of(Content content) {
            return new Claim(content.contentType(), content.head());
        }

        boolean isTypeKnown() {
            return head.isPresent() || MediaTypes.isDocument(contentType);
        }

        int weight() {
            return CLAIM
                    + contentType.length()
                    + head.map(said -> CLAIM + said.contentType().length()).orElse(0);
        }
    }

    private final Cache<Digest, RegistryResult.Success<Content>> bytes;
    private final Cache<Proof, Claim> proofs;

    ContentCache(CacheSettings settings, Ticker ticker) {
        bytes = Caffeine.newBuilder()
                .maximumWeight(settings.contentBytes())
                .weigher((Digest digest, RegistryResult.Success<Content> held) -> OVERHEAD
                        + digest.hex().length()
                        + held.content().bytes().length
                        + Claim.of(held.content()).weight())
                .expireAfterAccess(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        proofs = Caffeine.newBuilder()
                .maximumWeight(settings.proofBytes())
                .weigher((Proof proof, Claim claim) -> proof.weight() + claim.weight())
                .expireAfterWrite(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** This content, when this identity, or anyone, has shown that it can be read there, and it has this size. */
    Optional<RegistryResult<Content>> find(
            CacheObserver.ResourceType type, Repository repository, Digest digest, long size, String identity) {
        Claim claim = proofs.getIfPresent(new Proof(type, repository, digest, ""));
        if ((claim == null || !claim.isTypeKnown()) && !identity.isEmpty()) {
            Claim own = proofs.getIfPresent(new Proof(type, repository, digest, identity));
            claim = own == null ? claim : own;
        }
        RegistryResult.Success<Content> held = claim == null ? null : bytes.getIfPresent(digest);
        if (held == null || (size != CacheKey.ANY_SIZE && size != held.content().bytes().length)) {
            return Optional.empty();
        }
        if (claim.contentType().equals(held.content().contentType())
                && claim.head().equals(held.content().head())) {
            return Optional.of(held);
        }
        return Optional.of(new RegistryResult.Success<>(
                new Content(held.content().bytes(), claim.contentType(), digest, claim.head(), Optional.empty())));
    }

    /** Content that a reference names. What was read as a part of something else may lack what a HEAD request says of it. */
    Optional<RegistryResult<Content>> findTop(Repository repository, Digest digest, String identity) {
        return find(CacheObserver.ResourceType.MANIFEST, repository, digest, CacheKey.ANY_SIZE, identity)
                .filter(held -> held.fold(Content::isTypeKnown, failure -> false));
    }

    /** Remembers that this identity has just read this, or that the registry confirmed that it may. */
    void put(CacheObserver.ResourceType type, Repository repository, Content content, String identity) {
        RegistryResult.Success<Content> held = bytes.getIfPresent(content.digest());
        if (held == null) {
            bytes.put(content.digest(), new RegistryResult.Success<>(content));
        }
        proofs.put(new Proof(type, repository, content.digest(), identity), Claim.of(content));
    }

    Stream<Cache<?, ?>> caches() {
        return Stream.of(bytes, proofs);
    }
}
