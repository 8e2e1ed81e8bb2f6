/** The nodes that a pod may be scheduled on (kube-scheduler filters), and their platforms. */
@NullMarked
package dev.stowage.node;

import org.jspecify.annotations.NullMarked;
