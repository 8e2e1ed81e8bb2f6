package dev.stowage.cli.manifest;

/** Limits of one document, so that a hostile or mistaken input fails with a message instead of exhausting the heap. */
final class Bounds {

    /** The API server takes objects of 3 MiB at most; lists of them may be longer. */
    static final int DOCUMENT_CHARACTERS = 16 * 1024 * 1024;

    /** SnakeYAML's reader takes quadratic time for text without spaces; no object that the API server stores has a longer one. */
    static final int WORD_CHARACTERS = 3 * 1024 * 1024;

    /** The most values of one document, aliases counted as often as they are used. */
    static final int DOCUMENT_VALUES = 1_000_000;

    /** The deepest nesting of values; OpenAPI schemas in CRDs reach some fifty. */
    static final int DEPTH = 200;

    static final String TOO_LONG = "is longer than " + DOCUMENT_CHARACTERS / (1024 * 1024)
            + " MiB without a new document (---); split it into several";
    static final String TOO_LONG_WORD =
            "contains more than " + WORD_CHARACTERS / (1024 * 1024) + " MiB of text without a space";
    static final String TOO_MANY = "contains more than " + DOCUMENT_VALUES
            + " values, aliases counted; split it into several documents, or write out what its aliases repeat";
    static final String TOO_DEEP = "nests deeper than " + DEPTH + " levels";

    private Bounds() {}
}
