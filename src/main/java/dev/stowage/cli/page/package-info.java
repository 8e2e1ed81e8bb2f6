/** The HTML page that {@code -o html} writes, and the data that it is made of. */
package dev.stowage.cli.page;
