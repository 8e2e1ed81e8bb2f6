package dev.stowage.admission;

/** Is told of every answer: metrics, the log and the reports. It is called on the thread that answers and must not block. */
@FunctionalInterface
public interface AdmissionObserver {

    /** Nobody listens. */
    AdmissionObserver NONE = outcome -> {};

    /** A request was answered. What is thrown here is lost. */
    void answered(AdmissionOutcome outcome);
}
