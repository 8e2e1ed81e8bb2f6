package dev.stowage.registry.credentials.cloud;

/** Credentials could not be had. The message is one sentence that says how to fix it; it contains no secret and no text of a server. */
final class CloudException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sentence;

    CloudException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
