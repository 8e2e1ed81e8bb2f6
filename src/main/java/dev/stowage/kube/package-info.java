/** Calls to the Kubernetes API: errors in words, paged lists, Events, object names, the own namespace. */
package dev.stowage.kube;
