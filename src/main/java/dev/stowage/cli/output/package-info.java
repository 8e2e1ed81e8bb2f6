/** How the command line says what it found: tables for people; JSON, JUnit and SARIF for programs. */
package dev.stowage.cli.output;
