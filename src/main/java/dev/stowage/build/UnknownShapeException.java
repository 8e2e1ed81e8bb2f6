package dev.stowage.build;

/** Generated code is not as it is known to be, which a later Quarkus may bring about; it is then left alone. */
final class UnknownShapeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownShapeException(String message) {
        super(message);
    }
}
