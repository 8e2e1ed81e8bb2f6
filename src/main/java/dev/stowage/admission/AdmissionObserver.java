package dev.stowage.admission;

/** Is notified of every review: metrics, the log and the reports. Called on the thread that responds, so it must not block. */
@FunctionalInterface
public interface AdmissionObserver {

    /** Does nothing. */
    AdmissionObserver NONE = event -> {};

    /** A decision was made. Exceptions are logged and have no effect on the response. */
    void answered(AdmissionEvent event);
}
