/** The registries of AWS, Google and Azure, read with the identity of Stowage's own pod. */
@NullMarked
package dev.stowage.registry.credentials.cloud;

import org.jspecify.annotations.NullMarked;
