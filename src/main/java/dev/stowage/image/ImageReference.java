package dev.stowage.image;

import java.util.Objects;
import java.util.Optional;

/**
 * What stands in a container's {@code image:}, read as {@code distribution/reference} and the kubelet read it
 * (normalize.go, regexp.go): a repository with a tag, a digest, or both. A reference without either means {@code latest}.
 *
 * @param text the reference as it was written
 * @param repository where the image is, normalised ({@code nginx} is {@code docker.io/library/nginx})
 * @param tag the tag as written; {@code latest} when neither tag nor digest was written; empty when only a digest was
 * @param digest the digest, when one was written; it then decides alone and the tag is never used
 */
public record ImageReference(String text, Repository repository, Optional<String> tag, Optional<Digest> digest) {

    public ImageReference {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(repository, "repository");
        if (tag.isEmpty() && digest.isEmpty()) {
            throw new IllegalArgumentException("a reference has a tag or a digest");
        }
    }

    /**
     * Reads a reference; names without a registry belong to Docker Hub.
     *
     * @throws InvalidReferenceException when no container runtime would accept it; the message says why
     */
    public static ImageReference parse(String text) {
        return parse(text, Repository.DOCKER_HUB);
    }

    /**
     * Reads a reference.
     *
     * @param defaultRegistry the registry of names that carry none
     * @throws InvalidReferenceException when no container runtime would accept it; the message says why
     */
    public static ImageReference parse(String text, String defaultRegistry) {
        return new ReferenceParser(text, defaultRegistry).parse();
    }

    /** What is requested from a registry: the digest where there is one, else the tag. */
    public String target() {
        return digest.map(Digest::toString).orElseGet(tag::orElseThrow);
    }

    /** The reference in full: {@code docker.io/library/nginx:1.27} or {@code …@sha256:…}; the tag is dropped next to a digest. */
    public String canonical() {
        return repository + digest.map(d -> "@" + d).orElseGet(() -> ":" + tag.orElseThrow());
    }

    /** The reference as it was written; safe to print, since only valid references become one. */
    @Override
    public String toString() {
        return text;
    }
}
