/** Remembering what registries said: nothing is asked twice without need, and nothing is told to who could not have read it. */
package dev.stowage.registry.cache;
