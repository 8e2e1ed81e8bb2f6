/** The command line: the root command, its subcommands and the entry point. */
package dev.stowage.cli;
