/**
 * A registry that remembers: tags, contents and failures, apart for each identity, one request for concurrent callers.
 */
package dev.stowage.registry.cache;
