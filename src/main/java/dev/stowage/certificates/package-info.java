/**
 * The certificates that all replicas share: kept in one Secret, renewed in time, and made known to the API server in the
 * webhook's configuration. Decisions are apart from doing: {@link dev.stowage.certificates.Upkeep} decides,
 * {@link dev.stowage.certificates.SharedCertificate} does.
 */
package dev.stowage.certificates;
