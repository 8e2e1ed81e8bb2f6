/** OCI and Docker documents: indexes, manifests, configs, attestations. */
package dev.stowage.oci;
