package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes {@code caBundle} and the path of reviews into the webhook's configuration, in one patch, and reports which it restored. */
final class WebhookPublisher {

    private final CertificateApi api;
    private final CertificateReporter reporter;
    private final AcceptedPaths paths;

    /** The content of the configuration when it was last correct. */
    private Optional<CaBundle> published = Optional.empty();

    private Optional<String> publishedPath = Optional.empty();

    WebhookPublisher(CertificateApi api, CertificateReporter reporter, AcceptedPaths paths) {
        this.api = api;
        this.reporter = reporter;
        this.paths = paths;
    }

    /**
     * Writes what differs. A new path waits until every replica accepts it, as long as the old one is accepted.
     *
     * @param webhook the configuration as it was read
     * @param bundle whom every webhook is to trust; empty to leave that alone
     * @param path the path of every webhook; empty to leave the path unchanged
     * @param now the time
     * @throws ApiException when it cannot be written; a conflict when it has changed since it was read
     */
    void publish(ValidatingWebhookConfiguration webhook, Optional<CaBundle> bundle, Optional<String> path, Instant now)
            throws ApiException {
        WebhookCaBundle oldBundle = new WebhookCaBundle(webhook);
        WebhookPath oldPath = new WebhookPath(webhook);
        boolean trusts = bundle.isEmpty() || oldBundle.isExactly(bundle.get());
        boolean waits = path.isPresent()
                && !oldPath.isExactly(path.get())
                && !paths.isSettled(path.get(), now)
                && oldPath.isAny(paths::accepts);
        boolean leads = path.isEmpty() || waits || oldPath.isExactly(path.get());
        List<Map<String, String>> changes = new ArrayList<>();
        if (!trusts) {
            changes.addAll(oldBundle.operations(bundle.get()));
        }
        if (!leads) {
            changes.addAll(oldPath.operations(path.get()));
        }
        if (!changes.isEmpty()) {
            api.patch(webhook, changes);
        }
        if (!trusts) {
            reporter.published(webhook, published.equals(bundle));
        }
        if (!leads) {
            reporter.pathPublished(webhook, publishedPath.equals(path));
        }
        published = bundle;
        publishedPath = waits ? publishedPath : path;
    }
}
