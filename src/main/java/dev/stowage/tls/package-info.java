/** The CA and the serving certificate: values and the decision when to renew. */
package dev.stowage.tls;
