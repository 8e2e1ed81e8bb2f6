package dev.stowage.tls.managed;

import dev.stowage.tls.Renewal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Reports what was written: to the observer, in the log, and in Kubernetes Events. */
final class CertificateReporter {

    private static final Logger LOG = System.getLogger(CertificateReporter.class.getName());

    private final CertificateObserver observer;
    private final CertificateEvents events;
    private final CertificateApi api;

    CertificateReporter(CertificateObserver observer, CertificateEvents events, CertificateApi api) {
        this.observer = observer;
        this.events = events;
        this.api = api;
    }

    /**
     * The Secret was written.
     *
     * @param step the step that was written
     * @param stored its content before
     * @param first whether it was empty before, as the chart creates it
     */
    void written(CertificatePlanner.Step step, CertificateSecret stored, boolean first) {
        if (step.newAuthority()) {
            observer.renewed(Renewal.AUTHORITY);
        }
        if (step.newCertificate()) {
            observer.renewed(Renewal.CERTIFICATE);
        }
        String what = step.newAuthority() ? "a new CA" : step.newCertificate() ? "a new certificate" : "";
        if (!stored.isWhole() && !first) {
            repaired(stored, what.isEmpty() ? "the copy in memory" : what);
        } else if (!what.isEmpty()) {
            LOG.log(Level.INFO, "certificates: wrote {0} into the {1}", what, api.secretName());
            events.aboutSecret(
                    false, first ? "CertificateIssued" : "CertificateRenewed", "Stowage wrote " + what + ".");
        }
    }

    private void repaired(CertificateSecret stored, String how) {
        observer.healed();
        String faults = String.join("; ", stored.faults());
        LOG.log(Level.WARNING, "certificates: the {0} was damaged ({1}); wrote {2}", api.secretName(), faults, how);
        events.aboutSecret(true, "SecretRepaired", "It was damaged: " + faults + ". Stowage wrote " + how + ".");
    }

    /**
     * {@code caBundle} was written.
     *
     * @param webhook the configuration before
     * @param repaired whether another client had changed it
     */
    void published(WebhookConfiguration webhook, boolean repaired) {
        observer.published(repaired);
        LOG.log(
                repaired ? Level.WARNING : Level.INFO,
                repaired
                        ? "certificates: restored the caBundle of the {0}, which another client had changed"
                        : "certificates: wrote the caBundle of the {0}",
                api.nameOf(webhook));
        if (repaired) {
            events.aboutWebhook(
                    webhook,
                    true,
                    "CaBundleRepaired",
                    "Another client had changed the caBundle, so the API server could not reach Stowage. Stowage restored"
                            + " it.");
        } else {
            events.aboutWebhook(
                    webhook, false, "CaBundlePublished", "Stowage wrote its CA certificates into the caBundle.");
        }
    }

    /**
     * The path of reviews was written; what it is must not get into a log or an Event.
     *
     * @param webhook the configuration before
     * @param repaired whether another client had changed it
     */
    void pathPublished(WebhookConfiguration webhook, boolean repaired) {
        observer.pathPublished(repaired);
        LOG.log(
                repaired ? Level.WARNING : Level.INFO,
                repaired
                        ? "certificates: restored the path of reviews in the {0}, which another client had changed"
                        : "certificates: wrote the path of reviews into the {0}",
                api.nameOf(webhook));
        if (repaired) {
            events.aboutWebhook(
                    webhook,
                    true,
                    "ReviewPathRepaired",
                    "Another client had changed the path, so reviews did not reach Stowage. Stowage restored it.");
        } else {
            events.aboutWebhook(
                    webhook, false, "ReviewPathPublished", "Stowage wrote the path at which it accepts reviews.");
        }
    }
}
