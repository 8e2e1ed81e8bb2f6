package dev.stowage.cli.page;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The use of one image in one namespace.
 *
 * @param namespace the namespace
 * @param workloads the number of its workloads that use the image
 * @param cpuMillis the CPU that the image's containers request there, replicas included, in thousandths of a core; empty if it is
 *     not known
 * @param memoryBytes the memory that they request, in bytes; empty if it is not known
 */
public record NamespaceUse(String namespace, int workloads, OptionalLong cpuMillis, OptionalLong memoryBytes) {

    public NamespaceUse {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(cpuMillis, "cpuMillis");
        Objects.requireNonNull(memoryBytes, "memoryBytes");
        if (workloads < 0 || cpuMillis.orElse(0) < 0 || memoryBytes.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "must not be negative: " + workloads + ", " + cpuMillis + ", " + memoryBytes);
        }
    }

    /** The use by this number of workloads, whose requests are not known. */
    public static NamespaceUse of(String namespace, int workloads) {
        return new NamespaceUse(namespace, workloads, OptionalLong.empty(), OptionalLong.empty());
    }
}
