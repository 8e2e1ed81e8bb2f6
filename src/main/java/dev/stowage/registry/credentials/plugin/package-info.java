/** The kubelet's credential provider plug-ins: their configuration, the programs, and the cache of what they return. */
@NullMarked
package dev.stowage.registry.credentials.plugin;

import org.jspecify.annotations.NullMarked;
