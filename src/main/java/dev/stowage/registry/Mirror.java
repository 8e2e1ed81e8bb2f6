package dev.stowage.registry;

import dev.stowage.registry.net.Authority;
import java.util.Objects;
import java.util.Optional;

/**
 * Another host that serves a registry's repositories, contacted before the registry itself.
 *
 * @param host the mirror's host, with port where it has its own
 * @param insecure whether it is contacted by plain HTTP; empty to decide as for any host
 * @param from which repositories it has: those whose path begins so; empty for all
 * @param to what stands there in place of {@code from}; empty for nothing
 */
public record Mirror(String host, Optional<Boolean> insecure, String from, String to) {

    public Mirror {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(insecure, "insecure");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        if (!Authority.isValid(host)) {
            throw new IllegalArgumentException("not a host, or host and port: " + host);
        }
    }

    private static final String ARROW = "->";

    /**
     * Reads a mirror: {@code mirror.example.com}, {@code http://10.0.0.1:5000}, or with a path that is put before each
     * repository, {@code https://harbor.example.com/dockerhub}. With an arrow, {@code team/ -> harbor.example.com/copies/}, it has
     * the repositories below {@code team/} only, and the path stands there in place of that.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static Mirror parse(String text) {
        int arrow = text.indexOf(ARROW);
        if (arrow < 0) {
            return place(text);
        }
        String folder = text.substring(0, arrow).strip();
        String path = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        if (!Authority.isRepositoryPath(path)) {
            throw new IllegalArgumentException(
                    "the part before " + ARROW + " is not a valid folder of repositories, such as team/");
        }
        Mirror mirror = place(text.substring(arrow + ARROW.length()).strip());
        return mirror.rewriting(path + "/", mirror.to());
    }

    private static Mirror place(String text) {
        Optional<Boolean> insecure = Optional.empty();
        String rest = text;
        if (text.startsWith("http://")) {
            insecure = Optional.of(true);
            rest = text.substring("http://".length());
        } else if (text.startsWith("https://")) {
            insecure = Optional.of(false);
            rest = text.substring("https://".length());
        }
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        return new Mirror(host, insecure, "", path.isEmpty() || path.endsWith("/") ? path : path + "/");
    }

    /** The same mirror for repositories that begin with {@code from}, which {@code to} replaces there. */
    public Mirror rewriting(String from, String to) {
        return new Mirror(host, insecure, from, to);
    }

    /** The path that a repository has at this mirror; empty when the mirror does not have it. */
    public Optional<String> path(String repository) {
        return repository.startsWith(from) ? Optional.of(to + repository.substring(from.length())) : Optional.empty();
    }
}
