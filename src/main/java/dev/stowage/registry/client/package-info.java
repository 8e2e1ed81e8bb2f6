/**
 * Registries over HTTP (distribution-spec, "Pull"): what to request, of which endpoint, and whether the response is
 * valid.
 */
package dev.stowage.registry.client;
