/** Pull secrets and ServiceAccounts, read from the API server when a workload needs them. */
package dev.stowage.cluster.secrets;
