package dev.stowage.oci;

import dev.stowage.platform.Platform;
import java.util.Objects;

/**
 * The fields of an image config that decide where it runs (image-spec {@code config.md}).
 *
 * @param platform the platform as written; parts that are not written are empty
 */
public record ImageConfig(Platform platform) {
    public ImageConfig {
        Objects.requireNonNull(platform, "platform");
    }
}
