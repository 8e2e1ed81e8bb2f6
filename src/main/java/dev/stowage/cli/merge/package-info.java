/** {@code stowage merge}: one index out of several images. */
package dev.stowage.cli.merge;
