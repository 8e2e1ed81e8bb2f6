/** Credentials: pull secrets as the kubelet reads them, Docker configuration, credential helpers. */
package dev.stowage.registry.credentials;
