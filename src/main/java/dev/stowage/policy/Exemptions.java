package dev.stowage.policy;

import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.text.Glob;
import java.util.List;
import java.util.Optional;

/**
 * The configured exemptions from the check.
 *
 * @param images images, as written or in full ({@code docker.io/library/nginx:*})
 * @param users user names
 * @param groups groups of users
 * @param serviceAccounts service accounts, {@code namespace/name}
 * @param namespaces namespaces
 */
public record Exemptions(
        List<Glob> images, List<Glob> users, List<Glob> groups, List<Glob> serviceAccounts, List<Glob> namespaces) {

    /** No exemptions. */
    public static final Exemptions NONE = new Exemptions(List.of(), List.of(), List.of(), List.of(), List.of());

    public Exemptions {
        images = List.copyOf(images);
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        serviceAccounts = List.copyOf(serviceAccounts);
        namespaces = List.copyOf(namespaces);
    }

    /**
     * The reason why a request is exempt.
     *
     * @param namespace the namespace of the workload
     * @return {@code namespace}, {@code user}, {@code group} or {@code service account}; empty if it is not
     */
    public Optional<String> reasonToSkip(String namespace, Requester requester) {
        if (includesNamespace(namespace)) {
            return Optional.of("namespace");
        }
        if (anyMatches(users, requester.user())) {
            return Optional.of("user");
        }
        if (!groups.isEmpty() && requester.groups().stream().anyMatch(group -> anyMatches(groups, group))) {
            return Optional.of("group");
        }
        return requester
                .serviceAccount()
                .filter(account -> anyMatches(serviceAccounts, account))
                .map(account -> "service account");
    }

    /** Whether nothing in this namespace is checked. */
    public boolean includesNamespace(String namespace) {
        return anyMatches(namespaces, namespace);
    }

    /** Whether this image is exempt, by the reference as written or by its full form. */
    public boolean includesImage(String image) {
        return !images.isEmpty() && (anyMatches(images, image) || anyMatches(images, inFull(image)));
    }

    private static String inFull(String image) {
        try {
            return ImageReference.parse(image).canonical();
        } catch (InvalidReferenceException e) {
            return image;
        }
    }

    private static boolean anyMatches(List<Glob> globs, String text) {
        for (Glob glob : globs) {
            if (glob.matches(text)) {
                return true;
            }
        }
        return false;
    }
}
