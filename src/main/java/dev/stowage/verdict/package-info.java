/** Whether nodes of a profile can run an image, and why not. */
package dev.stowage.verdict;
