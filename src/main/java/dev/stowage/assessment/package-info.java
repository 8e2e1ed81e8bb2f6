/** Assesses the images of a workload, each distinct image once. */
package dev.stowage.assessment;
