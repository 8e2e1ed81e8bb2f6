/** Kubernetes API errors in words, object names, the own namespace. */
package dev.stowage.kube;
