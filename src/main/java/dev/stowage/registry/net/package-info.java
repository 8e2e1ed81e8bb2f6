/** Addresses that may be contacted, proxies, hosts and ports. */
package dev.stowage.registry.net;
