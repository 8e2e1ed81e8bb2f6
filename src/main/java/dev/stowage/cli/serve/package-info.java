/** {@code stowage serve}: starts the webhook and the operator. */
package dev.stowage.cli.serve;
