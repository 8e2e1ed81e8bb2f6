package dev.stowage.registry.cache;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;

/**
 * One thing that can be requested by one identity for one namespace. Whose it is stands in the key, so that nothing kept or in progress
 * for one identity can be found by another; and no namespace waits for the requests of another, which has its own share of connections.
 *
 * @param type what is requested
 * @param repository where
 * @param target the tag or digest
 * @param size the size that the content must have, or {@link #ANY_SIZE}
 * @param identity the requester, as {@link dev.stowage.registry.ReadCredentials#identity()} says; empty for anonymous
 * @param namespace the namespace of the requester; empty outside a cluster
 */
record CacheKey(
        CacheObserver.ResourceType type,
        Repository repository,
        String target,
        long size,
        String identity,
        String namespace) {

    static final long ANY_SIZE = -1;

    // objects, references and the cache's own node, on a 64-bit heap
    private static final int OVERHEAD = 240;

    static CacheKey ofTag(
            CacheObserver.ResourceType type, Repository repository, String tag, ReadCredentials credentials) {
        return new CacheKey(type, repository, tag, ANY_SIZE, credentials.identity(), credentials.namespace());
    }

    /** A timeout, worded as by the registry client. */
    RegistryFailure timeout() {
        boolean byDigest = Digest.parse(target).isPresent();
        return RegistryFailure.of(
                RegistryFailure.Kind.TIMEOUT,
                repository.registry(),
                repository.path() + (byDigest ? "@" : ":") + target,
                "the registry did not respond in time");
    }

    int weight() {
        return OVERHEAD + weight(repository) + target.length() + identity.length() + namespace.length();
    }

    static int weight(Repository repository) {
        return repository.registry().length() + repository.path().length();
    }
}
