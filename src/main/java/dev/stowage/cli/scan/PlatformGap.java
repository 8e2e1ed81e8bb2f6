package dev.stowage.cli.scan;

import dev.stowage.cluster.watch.Requests;

/**
 * What keeps a platform out of the cluster.
 *
 * @param platform the platform
 * @param images the images that do not run there, each once
 * @param namespaces the namespaces that use them
 * @param workloads the workloads that use them
 * @param requests what running containers with these images request
 */
record PlatformGap(String platform, int images, int namespaces, int workloads, Requests requests) {}
