/** Addresses that may be contacted, proxies, hosts and ports. */
@NullMarked
package dev.stowage.registry.net;

import org.jspecify.annotations.NullMarked;
