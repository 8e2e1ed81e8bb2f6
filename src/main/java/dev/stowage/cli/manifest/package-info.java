/** Reads Kubernetes manifests from files, folders and standard input, with line numbers. */
package dev.stowage.cli.manifest;
