package dev.stowage.config;

import dev.stowage.config.Converters.TaintEffect;
import dev.stowage.config.Converters.Weight;
import dev.stowage.platform.Platform;
import dev.stowage.steering.SteeringMode;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Steering: pods are bound to nodes that run their images. */
public interface SteeringConfig {

    /** In which namespaces. */
    @WithDefault("off")
    SteeringMode mode();

    /** The platforms to prefer, for pods that run on several. */
    List<PreferenceConfig> preferences();

    /** The tolerations that pods get whose images run on a platform. */
    List<TolerationConfig> tolerations();

    /** A platform to prefer. */
    interface PreferenceConfig {

        /** {@code os/architecture}. */
        Platform platform();

        /** 1 to 100. */
        @WithConverter(Weight.class)
        int weight();
    }

    /** A toleration for the nodes of a platform. */
    interface TolerationConfig {

        /** {@code os/architecture}. */
        Platform platform();

        /** The key of the taint. */
        String key();

        /** The value of the taint; any when absent. */
        Optional<String> value();

        /** {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}. */
        @WithDefault("NoSchedule")
        @WithConverter(TaintEffect.class)
        String effect();
    }
}
