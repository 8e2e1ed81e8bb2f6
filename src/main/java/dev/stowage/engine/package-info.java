/** The engine, assembled: registries over HTTP behind caches, the resolver and the judge. */
package dev.stowage.engine;
