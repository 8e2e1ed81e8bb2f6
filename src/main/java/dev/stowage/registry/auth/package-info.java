/** Authentication to registries: challenges, token services and the tokens they issue. */
package dev.stowage.registry.auth;
