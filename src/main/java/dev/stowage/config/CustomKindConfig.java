package dev.stowage.config;

import dev.stowage.config.Converters.FieldPath;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** A kind whose objects contain a pod spec. */
public interface CustomKindConfig {

    /** Its API group. */
    String group();

    /** Its version; {@code *} for every version. */
    @WithDefault("*")
    String version();

    /** Its kind, for example {@code Rollout}. */
    String kind();

    /** The path of its pod spec: field names separated by dots. */
    @WithDefault("spec.template.spec")
    @WithConverter(FieldPath.class)
    String podSpecPath();
}
