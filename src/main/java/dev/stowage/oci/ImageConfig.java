package dev.stowage.oci;

import dev.stowage.platform.Platform;
import java.util.Objects;

/**
 * The fields of an image config that decide where it runs (image-spec {@code config.md}).
 *
 * @param platform the platform as written; parts that are not written are empty
 * @param diffIds the number of {@code rootfs.diff_ids}, one for each layer that is unpacked
 */
public record ImageConfig(Platform platform, int diffIds) {
    public ImageConfig {
        Objects.requireNonNull(platform, "platform");
    }
}
