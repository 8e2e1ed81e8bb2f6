/** {@code stowage inspect}: the entries of an image, and how clients and nodes see them. */
package dev.stowage.cli.inspect;
