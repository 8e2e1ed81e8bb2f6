/** The command line: {@code stowage check}, {@code inspect}, {@code serve}, {@code completion}. */
package dev.stowage.cli;
