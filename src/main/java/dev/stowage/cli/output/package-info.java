/** Output formats (table, JSON, JUnit, SARIF), the terminal, exit codes. */
package dev.stowage.cli.output;
