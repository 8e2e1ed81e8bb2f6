package dev.stowage.certificates;

import dev.stowage.tls.Renewal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Says what was written: to the observer, in the log, and in Kubernetes Events. */
final class CertificateNews {

    private static final Logger LOG = System.getLogger(CertificateNews.class.getName());

    private final CertificateObserver observer;
    private final CertificateEvents events;
    private final CertificateApi api;

    CertificateNews(CertificateObserver observer, CertificateEvents events, CertificateApi api) {
        this.observer = observer;
        this.events = events;
        this.api = api;
    }

    /**
     * The Secret was written.
     *
     * @param step what was written
     * @param stored what it held before
     * @param first whether it held nothing before and nobody missed anything: the chart makes it empty
     */
    void written(Upkeep.Step step, CertificateSecret stored, boolean first) {
        if (step.newAuthority()) {
            observer.renewed(Renewal.AUTHORITY);
        }
        if (step.newCertificate()) {
            observer.renewed(Renewal.CERTIFICATE);
        }
        String what = step.newAuthority() ? "a new authority" : step.newCertificate() ? "a new certificate" : "";
        if (!stored.isWhole() && !first) {
            repaired(stored, what.isEmpty() ? "what this replica remembered" : what);
        } else if (!what.isEmpty()) {
            LOG.log(Level.INFO, "certificates: wrote {0} into the {1}", what, api.secretName());
            events.aboutSecret(
                    false, first ? "CertificateIssued" : "CertificateRenewed", "Stowage wrote " + what + ".");
        }
    }

    private void repaired(CertificateSecret stored, String how) {
        observer.healed();
        String faults = String.join("; ", stored.faults());
        LOG.log(Level.WARNING, "certificates: the {0} was not whole ({1}); wrote {2}", api.secretName(), faults, how);
        events.aboutSecret(true, "SecretRepaired", "It was not whole: " + faults + ". Stowage wrote " + how + ".");
    }

    /**
     * {@code caBundle} was written.
     *
     * @param webhook what it held before
     * @param repaired whether somebody else had changed it
     */
    void published(WebhookTrust webhook, boolean repaired) {
        observer.published(repaired);
        LOG.log(
                repaired ? Level.WARNING : Level.INFO,
                "certificates: {0} the caBundle of the {1}",
                repaired ? "somebody had overwritten and Stowage put right" : "wrote",
                api.webhookName());
        if (repaired) {
            events.aboutWebhook(
                    webhook,
                    true,
                    "CaBundleRepaired",
                    "Somebody had overwritten the caBundle, with which the API server cannot reach Stowage. Stowage wrote"
                            + " its own again.");
        } else {
            events.aboutWebhook(
                    webhook, false, "CaBundlePublished", "Stowage wrote its authorities into the caBundle.");
        }
    }
}
