package dev.stowage.cli.manifest;

/** A document that breaks its syntax or the bounds, at a line; becomes a sentence with the file's name. */
final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * @param line the line, counted from 1; 0 when it is not known
     * @param message one clause with the document as its subject
     */
    MalformedException(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
