package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
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

    /** Manifests and blobs are served by different paths of a registry, and what is readable as one need not be as the other. */
    private record Proof(CacheObserver.ResourceType type, Repository repository, Digest digest, String identity) {
        int weight() {
            return OVERHEAD + CacheKey.weight(repository) + digest.hex().length() + identity.length();
        }
    }

    private final Cache<Digest, RegistryResult.Success<Content>> bytes;
    /** The Content-Type belongs to the proof: it is what this repository says, and the digest does not vouch for it. */
    private final Cache<Proof, String> proofs;

    ContentCache(CacheSettings settings, Ticker ticker) {
        bytes = Caffeine.newBuilder()
                .maximumWeight(settings.contentBytes())
                .weigher((Digest digest, RegistryResult.Success<Content> held) -> OVERHEAD
                        + digest.hex().length()
                        + held.content().bytes().length
                        + held.content().contentType().length())
                .expireAfterAccess(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        proofs = Caffeine.newBuilder()
                .maximumWeight(settings.proofBytes())
                .weigher((Proof proof, String contentType) -> proof.weight() + contentType.length())
                .expireAfterWrite(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** This content, when this identity, or anyone, has shown that it can be read there, and it has this size. */
    Optional<RegistryResult<Content>> find(
            CacheObserver.ResourceType type, Repository repository, Digest digest, long size, String identity) {
        String contentType = proofs.getIfPresent(new Proof(type, repository, digest, ""));
        if (contentType == null && !identity.isEmpty()) {
            contentType = proofs.getIfPresent(new Proof(type, repository, digest, identity));
        }
        RegistryResult.Success<Content> held = contentType == null ? null : bytes.getIfPresent(digest);
        if (held == null || (size != CacheKey.ANY_SIZE && size != held.content().bytes().length)) {
            return Optional.empty();
        }
        if (contentType.equals(held.content().contentType())) {
            return Optional.of(held);
        }
        return Optional.of(
                new RegistryResult.Success<>(new Content(held.content().bytes(), contentType, digest)));
    }

    /** Remembers that this identity has just read this, or that the registry confirmed that it may. */
    void put(CacheObserver.ResourceType type, Repository repository, Content content, String identity) {
        RegistryResult.Success<Content> held = bytes.getIfPresent(content.digest());
        if (held == null) {
            bytes.put(content.digest(), new RegistryResult.Success<>(content));
        }
        proofs.put(new Proof(type, repository, content.digest(), identity), content.contentType());
    }

    Stream<Cache<?, ?>> caches() {
        return Stream.of(bytes, proofs);
    }
}
