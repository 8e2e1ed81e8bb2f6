package dev.stowage.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * A content digest as the OCI image specification writes it ({@code descriptor.md}, "Digests"): {@code algorithm:hex}, for
 * example {@code sha256:44136fa3…}. Only the algorithms that container runtimes verify are known.
 *
 * @param algorithm the hash algorithm
 * @param hex the hash in lower-case hexadecimal, exactly as long as the algorithm says
 */
public record Digest(Algorithm algorithm, String hex) {

    /** The hash algorithms that registries and runtimes agree on. */
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 64),
        SHA384("sha384", "SHA-384", 96),
        SHA512("sha512", "SHA-512", 128);

        private final String label;
        private final String jcaName;
        private final int hexLength;

        Algorithm(String label, String jcaName, int hexLength) {
            this.label = label;
            this.jcaName = jcaName;
            this.hexLength = hexLength;
        }

        /** The name that stands before the colon of a digest. */
        public String label() {
            return label;
        }

        /** How many hexadecimal characters a digest of this algorithm has. */
        public int hexLength() {
            return hexLength;
        }

        static Optional<Algorithm> labelled(String label) {
            for (Algorithm algorithm : values()) {
                if (algorithm.label.equals(label)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }

        /** A fresh, empty hash to feed bytes to. */
        public MessageDigest newHash() {
            try {
                return MessageDigest.getInstance(jcaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(jcaName + " is part of every Java runtime", e);
            }
        }
    }

    public Digest {
        Objects.requireNonNull(algorithm, "algorithm");
        if (!isHex(hex) || hex.length() != algorithm.hexLength()) {
            throw new IllegalArgumentException("a " + algorithm.label() + " digest has " + algorithm.hexLength()
                    + " lower-case hexadecimal characters");
        }
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @return the digest, or nothing when the text is not a digest of a known algorithm with exactly its length
     */
    public static Optional<Digest> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String hex = text.substring(colon + 1);
        return Algorithm.labelled(text.substring(0, colon))
                .filter(algorithm -> hex.length() == algorithm.hexLength() && isHex(hex))
                .map(algorithm -> new Digest(algorithm, hex));
    }

    /** The sha256 digest of these bytes. */
    public static Digest of(byte[] content) {
        return new Digest(
                Algorithm.SHA256,
                HexFormat.of().formatHex(Algorithm.SHA256.newHash().digest(content)));
    }

    /** Whether these bytes hash to this digest. */
    public boolean describes(byte[] content) {
        return hex.equals(HexFormat.of().formatHex(algorithm.newHash().digest(content)));
    }

    /** The first twelve characters of the hash, enough for a person to tell two digests apart. */
    public String abbreviated() {
        return algorithm.label() + ":" + hex.substring(0, 12);
    }

    /** The digest as it stands in a reference or a descriptor: {@code sha256:…}. */
    @Override
    public String toString() {
        return algorithm.label() + ":" + hex;
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
