package dev.stowage.registry.credentials.cloud;

import java.util.Optional;

/**
 * A cloud's identity of this pod, and the tokens that it gets for the cloud's registries. All calls but {@link #keyOf} block, and are
 * made in the background.
 *
 * @param <K> names a token: one may serve many registries
 */
interface Cloud<K> {

    /** The cloud in messages: {@code AWS}. */
    String name();

    /**
     * The token for a registry; empty for a host that is not one of this cloud's. The whole name is compared.
     *
     * @param registry the host as references write it, with port where one is written
     */
    Optional<K> keyOf(String registry);

    /** Whether there is an identity, or at least something that is wrong with it. */
    boolean isPresent();

    /** Gets a new token. */
    CloudToken request(K key) throws CloudException;

    /** Whether registries are readable without the token, so that its absence is not worth a word. */
    default boolean isOptional(K key) {
        return false;
    }

    /** What to grant when a registry denies access to this identity, in one clause. */
    String permission();
}
