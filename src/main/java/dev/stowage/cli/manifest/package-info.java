/** Reading Kubernetes manifests from files, folders and standard input, with the lines where things stand. */
package dev.stowage.cli.manifest;
