/**
 * Stowage's own certificates: an authority, the certificate that the webhook serves, the bundle that the API server trusts, and
 * the decision when to renew which. Values and decisions only; where they are kept and who is told is for others.
 */
package dev.stowage.tls;
