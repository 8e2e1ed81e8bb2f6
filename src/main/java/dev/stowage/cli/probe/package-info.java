/** {@code stowage probe}: whether the API server calls the webhook; {@code helm test} runs it. */
package dev.stowage.cli.probe;
