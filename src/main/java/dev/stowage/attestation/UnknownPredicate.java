package dev.stowage.attestation;

/** A predicate of another type, of which no more is known. */
public record UnknownPredicate() implements Predicate {}
