package dev.stowage.tls.managed;

import dev.stowage.tls.Renewal;

/** Hears what happens to the shared certificates. Called on their thread; must not block. */
public interface CertificateObserver {

    /** Does nothing. */
    CertificateObserver NONE = new CertificateObserver() {
        @Override
        public void renewed(Renewal what) {}

        @Override
        public void healed() {}

        @Override
        public void published(boolean repaired) {}

        @Override
        public void pathPublished(boolean repaired) {}
    };

    /**
     * This replica made something and stored it; the first of all counts, too.
     *
     * @param what {@code AUTHORITY} or {@code CERTIFICATE}; called for each when both were made
     */
    void renewed(Renewal what);

    /** This replica repaired a Secret that had been deleted or damaged. */
    void healed();

    /**
     * This replica wrote the webhook's {@code caBundle}.
     *
     * @param repaired whether another client had overwritten it; otherwise there was something new to say
     */
    void published(boolean repaired);

    /**
     * This replica wrote the path of reviews into the webhook's configuration.
     *
     * @param repaired whether another client had overwritten it; otherwise there was something new to say
     */
    void pathPublished(boolean repaired);
}
