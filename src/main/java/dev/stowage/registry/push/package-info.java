/**
 * Writes to registries. Only {@code stowage merge --push} uses it; nothing that serves or reports can reach it ({@code ArchitectureTest}).
 */
package dev.stowage.registry.push;
