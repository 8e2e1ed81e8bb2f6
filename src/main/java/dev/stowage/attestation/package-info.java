/** What the attestations of images say: in-toto statements with provenance and SBOMs. Only shown, never used for admission. */
@NullMarked
package dev.stowage.attestation;

import org.jspecify.annotations.NullMarked;
