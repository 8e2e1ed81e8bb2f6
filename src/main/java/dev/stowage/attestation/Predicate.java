package dev.stowage.attestation;

/** What a statement says of its subjects. All texts are as written: make them {@linkplain dev.stowage.image.Printable printable}. */
public sealed interface Predicate permits Provenance, Sbom, UnknownPredicate {}
