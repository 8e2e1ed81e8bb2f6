package dev.stowage.config;

import dev.stowage.config.Converters.ExtendedResourceName;
import dev.stowage.config.Converters.TaintEffect;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool of equal nodes that may not exist yet. */
public interface NodePoolConfig {

    /** The name that messages use. */
    String name();

    /** {@code os/architecture[/variant]}. */
    Platform platform();

    /** Its container runtime. */
    @WithDefault("containerd")
    RuntimeFamily runtime();

    /** The platforms whose programs its nodes also run, by an emulator. */
    Optional<List<Platform>> emulates();

    /** The labels of its nodes, in addition to those of os and architecture. */
    Map<String, String> labels();

    /** The taints of its nodes. */
    List<TaintConfig> taints();

    /** The extended resources that its nodes have, by name ({@code nvidia.com/gpu}). */
    Optional<List<@WithConverter(ExtendedResourceName.class) String>> resources();

    /** A taint of a node pool. */
    interface TaintConfig {

        /** The key. */
        String key();

        /** The value; none when absent. */
        Optional<String> value();

        /** {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}. */
        @WithDefault("NoSchedule")
        @WithConverter(TaintEffect.class)
        String effect();
    }
}
