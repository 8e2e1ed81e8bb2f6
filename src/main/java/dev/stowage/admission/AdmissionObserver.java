package dev.stowage.admission;

/** Is notified of every review: metrics, the log and the reports. Called on the thread that responds, so it must not block. */
@FunctionalInterface
public interface AdmissionObserver {

    /** Nobody listens. */
    AdmissionObserver NONE = event -> {};

    /** A request was answered. What is thrown here is lost. */
    void answered(AdmissionEvent event);
}
