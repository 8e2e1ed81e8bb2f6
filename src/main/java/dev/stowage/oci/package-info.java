/** OCI and Docker documents: indexes, manifests, configs, attestations. */
@NullMarked
package dev.stowage.oci;

import org.jspecify.annotations.NullMarked;
