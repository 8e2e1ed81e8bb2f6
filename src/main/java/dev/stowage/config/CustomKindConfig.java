package dev.stowage.config;

import dev.stowage.config.Converters.FieldPath;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** A kind whose objects contain pod specs. */
public interface CustomKindConfig {

    /** Its API group. */
    String group();

    /** Its version; {@code *} for every version. */
    @WithDefault("*")
    String version();

    /** Its kind, for example {@code Rollout}. */
    String kind();

    /** The path of a pod spec; without it all pod specs of its objects are found by their shape. */
    Optional<@WithConverter(FieldPath.class) String> podSpecPath();
}
