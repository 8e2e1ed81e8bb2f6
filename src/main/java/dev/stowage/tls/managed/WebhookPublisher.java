package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes {@code caBundle} and the path of reviews into the webhook's configuration, in one patch, and reports which it restored. */
final class WebhookPublisher {

    private final CertificateApi api;
    private final CertificateReporter reporter;
    private final AcceptedPaths paths;

    /** The content of each configuration, by kind, when it was last correct. */
    private final Map<String, Optional<CaBundle>> published = new HashMap<>();

    private final Map<String, Optional<String>> publishedPaths = new HashMap<>();

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
    void publish(WebhookConfiguration webhook, Optional<CaBundle> bundle, Optional<String> path, Instant now)
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
        String kind = webhook.object().getKind();
        if (!changes.isEmpty()) {
            api.patch(webhook, changes);
        }
        if (!trusts) {
            reporter.published(webhook, bundle.equals(published.get(kind)));
        }
        if (!leads) {
            reporter.pathPublished(webhook, path.equals(publishedPaths.get(kind)));
        }
        published.put(kind, bundle);
        if (!waits) {
            publishedPaths.put(kind, path);
        }
    }
}
