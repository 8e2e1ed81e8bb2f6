package dev.stowage.cli.output;

import dev.stowage.attestation.Statement;
import dev.stowage.image.Digest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found about an image next to it: attestations and signatures. None of it has been verified.
 *
 * @param layers what attestations say, one statement each
 * @param signatures signatures and other artifacts that refer to the image
 * @param failures what could not be read, in words
 */
public record Attestations(List<Layer> layers, List<Signature> signatures, List<String> failures) {

    /**
     * A layer of an attestation: one statement.
     *
     * @param about what the attestation is about: {@code linux/amd64 (sha256:2c26b46b68ff)}
     * @param manifest the digest of the attestation's manifest
     * @param digest the layer's digest
     * @param mediaType the layer's media type
     * @param predicateType the predicate's type; empty when unknown
     * @param size the layer's size in bytes
     * @param statement what it says; empty when it could not be read
     * @param findings what is remarkable about it, in words
     */
    public record Layer(
            String about,
            Digest manifest,
            Digest digest,
            String mediaType,
            String predicateType,
            long size,
            Optional<Statement> statement,
            List<String> findings) {
        public Layer {
            Objects.requireNonNull(about, "about");
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(mediaType, "mediaType");
            Objects.requireNonNull(predicateType, "predicateType");
            Objects.requireNonNull(statement, "statement");
            findings = List.copyOf(findings);
        }
    }

    /**
     * An artifact that refers to the image, or to one in it.
     *
     * @param kind what it is: {@code cosign signature}, {@code artifact of type …}
     * @param tag the tag at which it was found; empty when it was in the list of referrers
     * @param digest its digest
     * @param about what it refers to
     */
    public record Signature(String kind, String tag, Digest digest, String about) {
        public Signature {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(about, "about");
        }
    }

    public Attestations {
        layers = List.copyOf(layers);
        signatures = List.copyOf(signatures);
        failures = List.copyOf(failures);
    }
}
