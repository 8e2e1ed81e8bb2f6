package dev.stowage.oci;

import dev.stowage.platform.Platform;
import java.util.Objects;

/**
 * What of an image's config decides where it runs (image-spec {@code config.md}).
 *
 * @param platform the platform as written; parts that are not written are empty
 */
public record ImageConfig(Platform platform) {
    public ImageConfig {
        Objects.requireNonNull(platform, "platform");
    }

    /** Whether it names no architecture, so that nothing is known of where it runs. */
    public boolean isIncomplete() {
        return platform.architecture().isEmpty();
    }
}
