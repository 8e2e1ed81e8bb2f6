/** The nodes that a pod may be scheduled on (kube-scheduler filters), and their platforms. */
package dev.stowage.node;
