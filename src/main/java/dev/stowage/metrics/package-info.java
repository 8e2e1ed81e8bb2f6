/** What the meters of several features share. */
package dev.stowage.metrics;
