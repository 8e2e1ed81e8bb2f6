package dev.stowage.cli.page;

import java.util.Objects;

/**
 * A workload that uses an image.
 *
 * @param namespace its namespace
 * @param name its kind and name, such as {@code Deployment/web}
 */
public record PageWorkload(String namespace, String name) {

    public PageWorkload {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }
}
