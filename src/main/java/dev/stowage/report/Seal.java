package dev.stowage.report;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows of a recollection that Stowage wrote it about this image in this namespace (HMAC-SHA-256), since whoever may write statuses
 * could otherwise have replicas believe anything.
 */
final class Seal {

    private static final String ALGORITHM = "HmacSHA256";

    private Seal() {}

    /**
     * The seal.
     *
     * @param key the secret
     * @param about the image and namespace
     * @param digest what the image names
     * @param mediaType what that is
     * @param unsealed the recollection; its own seal does not matter
     */
    static String of(
            byte[] key, ImageKey about, String digest, String mediaType, ImageReportStatus.Recollection unsealed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            add(mac, about.namespace());
            add(mac, about.image());
            add(mac, digest);
            add(mac, mediaType);
            add(mac, unsealed.seenAt());
            add(mac, unsealed.readAs());
            add(mac, unsealed.text());
            for (ImageReportStatus.Part part : unsealed.parts()) {
                add(mac, part.kind());
                add(mac, part.digest());
                add(mac, String.valueOf(part.size()));
                add(mac, part.text());
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Whether this seal is the right one; takes as long for a wrong one. */
    static boolean fits(String seal, String right) {
        return MessageDigest.isEqual(
                Objects.requireNonNullElse(seal, "").getBytes(StandardCharsets.UTF_8),
                right.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that no two lists of texts are one. */
    private static void add(Mac mac, String text) {
        byte[] bytes = Objects.requireNonNullElse(text, "").getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        mac.update(bytes);
    }
}
