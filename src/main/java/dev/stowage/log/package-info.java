/** Log lines that repeat at most once in a while. */
package dev.stowage.log;
