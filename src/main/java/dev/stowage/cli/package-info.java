/** The command line: {@code stowage check}, {@code inspect}, {@code serve}, {@code demo}, {@code completion}. */
package dev.stowage.cli;
