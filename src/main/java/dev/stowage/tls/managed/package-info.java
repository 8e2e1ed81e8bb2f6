/**
 * The certificate that all replicas share: kept in a Secret, renewed in time, its CA patched into the webhook
 * configuration.
 */
package dev.stowage.tls.managed;
