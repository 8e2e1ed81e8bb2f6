package dev.stowage.config;

import dev.stowage.config.Converters.PositiveInteger;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** The largest workload that is checked at admission; {@code onUnresolved} applies to larger ones. */
public interface ReviewBudgetConfig {

    /** Containers of all kinds and volumes of a pod. */
    @WithDefault("500")
    @WithConverter(PositiveInteger.class)
    int containers();

    /** Entries of the node selector, values of the required node affinity, and tolerations of a pod. */
    @WithDefault("2000")
    @WithConverter(PositiveInteger.class)
    int selectorValues();

    /** Distinct images to check. */
    @WithDefault("200")
    @WithConverter(PositiveInteger.class)
    int images();

    /** Distinct registry hosts of these images. */
    @WithDefault("32")
    @WithConverter(PositiveInteger.class)
    int registryHosts();
}
