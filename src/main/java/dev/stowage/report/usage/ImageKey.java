package dev.stowage.report.usage;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.report.api.ImageReportSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The subject of a report: one image in one namespace. {@code nginx} and {@code docker.io/library/nginx:latest} are one image.
 *
 * @param namespace the namespace
 * @param image the reference in full; as written where it is not a valid reference
 */
public record ImageKey(String namespace, String image) {

    private static final int HASH_LENGTH = 10;
    private static final int MAX_NAMES = 5;
    private static final int LONGEST_TAIL = 40;

    public ImageKey {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(image, "image");
    }

    /** The key of an image as a container names it. */
    public static ImageKey of(String namespace, String image, String defaultRegistry) {
        return new ImageKey(namespace, canonical(image, defaultRegistry));
    }

    static String canonical(String image, String defaultRegistry) {
        try {
            return ImageReference.parse(image, defaultRegistry).canonical();
        } catch (InvalidReferenceException e) {
            return image;
        }
    }

    /** Whether a report can be about this text; a text that is too long or not printable cannot be pulled either. */
    public static boolean reportable(String image) {
        return !image.isEmpty()
                && image.length() <= ImageReportSpec.LONGEST_IMAGE
                && image.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /**
     * The name of the report that Stowage creates: readable, a valid DNS-1123 subdomain, and always the same, so that an image has only
     * one. For example {@code nginx-1.27-0a3f5c7e19}.
     */
    public String reportName() {
        return reportNames().get(0);
    }

    /** The same, and the names for the case that a user has given it to the report of another image; each is tried in this order. */
    public List<String> reportNames() {
        String tail = readable();
        String hash = Digest.of(image.getBytes(StandardCharsets.UTF_8)).hex();
        return IntStream.range(0, MAX_NAMES)
                .mapToObj(i -> tail + "-" + hash.substring(i * HASH_LENGTH, (i + 1) * HASH_LENGTH))
                .toList();
    }

    private String readable() {
        int digest = image.indexOf('@');
        String plain = digest < 0 ? image : image.substring(0, digest);
        StringBuilder tail = new StringBuilder();
        for (char c : plain.substring(plain.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .toCharArray()) {
            boolean plainCharacter = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            char last = tail.length() == 0 ? '-' : tail.charAt(tail.length() - 1);
            boolean afterPlain = last != '-' && last != '.';
            if (tail.length() < LONGEST_TAIL && (plainCharacter || afterPlain)) {
                tail.append(plainCharacter ? c : c == '.' ? '.' : '-');
            }
        }
        while (tail.length() > 0 && !Character.isLetterOrDigit(tail.charAt(tail.length() - 1))) {
            tail.setLength(tail.length() - 1);
        }
        return tail.length() == 0 ? "image" : tail.toString();
    }
}
