/**
 * Registries over HTTP (distribution-spec, "Pull"): what to request, of which endpoint, and whether the response is
 * valid.
 */
@NullMarked
package dev.stowage.registry.client;

import org.jspecify.annotations.NullMarked;
