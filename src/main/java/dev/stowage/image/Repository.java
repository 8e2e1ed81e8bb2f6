package dev.stowage.image;

import java.util.Objects;

/**
 * A repository at a registry, after normalisation: {@code docker.io} and {@code library/nginx} for {@code nginx}.
 *
 * @param registry host, with port where one is written; IPv6 hosts in brackets; {@code docker.io} for Docker Hub
 * @param path the repository's path at that registry, without leading or trailing slash
 */
public record Repository(String registry, String path) {

    /** The registry that short names belong to unless configured otherwise. */
    public static final String DOCKER_HUB = "docker.io";

    public Repository {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(path, "path");
    }

    /** {@code registry/path}. */
    @Override
    public String toString() {
        return registry + "/" + path;
    }
}
