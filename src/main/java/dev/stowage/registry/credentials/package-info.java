/** Credentials: pull secrets as the kubelet reads them, Docker configuration, credential helpers. */
@NullMarked
package dev.stowage.registry.credentials;

import org.jspecify.annotations.NullMarked;
