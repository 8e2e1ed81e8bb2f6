package dev.stowage.config;

import dev.stowage.registry.net.Cidr;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The addresses that registries may have, after their names are resolved. */
public interface AddressesConfig {

    /** Whether loopback addresses are allowed; by default on the command line only, since in a pod they are the pod's own. */
    Optional<Boolean> allowLoopback();

    /** Whether private networks are allowed. */
    @WithDefault("true")
    boolean allowPrivateNetworks();

    /** Networks that are never connected to, in addition to link-local ones and metadata services. */
    Optional<List<Cidr>> deniedCidrs();

    /** Networks that are connected to although they are denied otherwise. */
    Optional<List<Cidr>> allowedCidrs();
}
