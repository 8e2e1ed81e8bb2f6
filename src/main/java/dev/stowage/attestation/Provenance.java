package dev.stowage.attestation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How an image was built (SLSA provenance 0.2 and 1, with the fields that BuildKit and GitHub's workflows fill).
 *
 * @param version {@code 0.2} or {@code 1}
 * @param builder the builder's URI; empty when unknown
 * @param buildType the URI of the build type
 * @param source where the source is; empty for a local folder that is not under version control
 * @param revision the revision of the source, without BuildKit's {@code -dirty}
 * @param dirty whether the source had changes that were not committed
 * @param entryPoint the file that the build was started with, such as {@code Dockerfile}
 * @param started when it began, in RFC 3339
 * @param finished when it ended, in RFC 3339
 * @param mode BuildKit's {@code min} or {@code max}; empty for other builders
 * @param builderPlatform the platform that it was built on, {@code linux/amd64}
 * @param materials the number of materials
 * @param baseImages the images among the materials, but for BuildKit's own frontends
 * @param buildArguments the names of the build arguments; their values are never kept
 */
public record Provenance(
        String version,
        String builder,
        String buildType,
        String source,
        String revision,
        boolean dirty,
        String entryPoint,
        String started,
        String finished,
        Optional<Mode> mode,
        String builderPlatform,
        int materials,
        List<BaseImage> baseImages,
        List<String> buildArguments)
        implements Predicate {

    /** How much of the build BuildKit wrote down. */
    public enum Mode {
        MIN,
        MAX
    }

    /**
     * An image that was built upon or copied from.
     *
     * @param name its name, {@code alpine:3.19}
     * @param platform its platform, as written; empty when it names none
     * @param digest its digest, {@code sha256:…}; empty when the provenance has none, so that it does not say which image it was
     */
    public record BaseImage(String name, String platform, String digest) {
        public BaseImage {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(platform, "platform");
            Objects.requireNonNull(digest, "digest");
        }
    }

    public Provenance {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(builder, "builder");
        Objects.requireNonNull(buildType, "buildType");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(entryPoint, "entryPoint");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(builderPlatform, "builderPlatform");
        baseImages = List.copyOf(baseImages);
        buildArguments = List.copyOf(buildArguments);
    }
}
