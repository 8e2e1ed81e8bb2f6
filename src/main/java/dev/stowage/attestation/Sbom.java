package dev.stowage.attestation;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an image contains, counted (SPDX 2 and CycloneDX 1 in JSON).
 *
 * @param format {@code SPDX 2.3}, {@code CycloneDX 1.5}
 * @param tools the tools that made it
 * @param packages the number of packages; files and the image itself are none
 * @param ecosystems the number of packages by the type of their package URL ({@code deb}, {@code npm}); {@code other} for those without
 * @param distribution the Linux distribution, {@code debian-12}; empty when it names none
 * @param licences the number of different licences, at most {@value #MAX_LICENCES}
 * @param unlicensed the number of packages without a licence
 */
public record Sbom(
        String format,
        List<String> tools,
        long packages,
        Map<String, Long> ecosystems,
        String distribution,
        int licences,
        long unlicensed)
        implements Predicate {

    /** The most different licences that are counted. */
    public static final int MAX_LICENCES = 10_000;

    public Sbom {
        Objects.requireNonNull(format, "format");
        tools = List.copyOf(tools);
        ecosystems = Map.copyOf(ecosystems);
        Objects.requireNonNull(distribution, "distribution");
    }
}
