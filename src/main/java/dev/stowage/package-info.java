/** Stowage keeps container images off Kubernetes nodes that cannot run them. */
package dev.stowage;
