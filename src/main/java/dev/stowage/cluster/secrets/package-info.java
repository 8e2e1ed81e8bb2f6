/** Pull secrets, ServiceAccounts and the address of a local registry, read from the API server when a workload needs them. */
package dev.stowage.cluster.secrets;
