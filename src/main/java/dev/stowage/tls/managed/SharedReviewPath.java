package dev.stowage.tls.managed;

import dev.stowage.admission.ReviewPaths;
import dev.stowage.kube.ObjectName;
import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The path of reviews where another program manages the certificate: derived from a key in a Secret that all replicas share, and
 * patched into the webhook's configuration. {@link SharedCertificate} does both where Stowage manages the certificate.
 */
public final class SharedReviewPath implements ReviewPaths, AutoCloseable {

    private static final Logger LOG = System.getLogger(SharedReviewPath.class.getName());
    private static final String SECRET = "Secret";
    private static final int ATTEMPTS = 10;

    /** How often to check while changes cannot be watched. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** How long a new path is accepted before it is published, and an old one after it was replaced. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private final Clock clock;
    private final CertificateApi api;
    private final ThrottledLog problems;
    private final WebhookPublisher publisher;
    private final WebhookConfigurations webhooks;
    private final AcceptedPaths paths = new AcceptedPaths(OVERLAP);
    private final ReconcileLoop loop;

    /** The key that was last read or written; guarded by this. */
    private Optional<ReviewPathKey> remembered = Optional.empty();

    private volatile boolean ready;
    private volatile boolean failed;

    private SharedReviewPath(
            KubernetesClient client,
            ObjectName secret,
            String webhook,
            boolean steering,
            Duration checkInterval,
            Clock clock,
            CertificateObserver observer) {
        this.clock = clock;
        this.api = new CertificateApi(client, secret, webhook);
        this.problems = new ThrottledLog(LOG, "certificates", clock);
        this.publisher = new WebhookPublisher(
                api, new CertificateReporter(observer, new CertificateEvents(api, problems, clock), api), paths);
        this.webhooks = new WebhookConfigurations(api, problems, steering);
        this.loop = new ReconcileLoop(checkInterval, this::reconcile, () -> failed);
        loop.listenTo(api.watchSecret(loop::wake, problems));
        loop.listenTo(api.watchWebhook(loop::wake, problems));
        if (steering) {
            loop.listenTo(api.watchSteering(loop::wake, problems));
        }
    }

    /**
     * Starts maintaining it; returns at once.
     *
     * @param client the cluster; stays the caller's to close, after this
     * @param secret the Secret with the key
     * @param webhook the name of the ValidatingWebhookConfiguration
     * @param steering whether there is a MutatingWebhookConfiguration of the same name, too
     * @param clock the time
     * @param observer is notified of changes
     */
    public static SharedReviewPath start(
            KubernetesClient client,
            ObjectName secret,
            String webhook,
            boolean steering,
            Clock clock,
            CertificateObserver observer) {
        return start(client, secret, webhook, steering, CHECK_INTERVAL, clock, observer);
    }

    static SharedReviewPath start(
            KubernetesClient client,
            ObjectName secret,
            String webhook,
            boolean steering,
            Duration checkInterval,
            Clock clock,
            CertificateObserver observer) {
        SharedReviewPath shared =
                new SharedReviewPath(client, secret, webhook, steering, checkInterval, clock, observer);
        shared.loop.start();
        return shared;
    }

    @Override
    public boolean accepts(String path) {
        return paths.accepts(path);
    }

    /** Whether the path is the shared one, and was written as far as that is possible. */
    public boolean isReady() {
        return ready;
    }

    /** The problem that prevents its work, one clause; empty if there is none. */
    public Optional<String> problem() {
        return problems.summary();
    }

    @Override
    public void close() {
        loop.close();
    }

    private synchronized void reconcile() {
        failed = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (reconcileOnce()) {
                return;
            }
        }
    }

    /** False when another client wrote meanwhile, so that it is to be done again. */
    private boolean reconcileOnce() {
        try {
            // The webhooks first, so that nobody puts an older path over a newer one.
            List<WebhookConfiguration> found = webhooks.read(this::fail);
            keepSecret();
            String path = remembered.orElseThrow().path();
            paths.update(List.of(path), clock.instant());
            for (WebhookConfiguration webhook : found) {
                publish(webhook, path);
            }
            ready = true;
            return true;
        } catch (ApiException e) {
            return !e.isConflict() && fail(SECRET, e);
        }
    }

    private void keepSecret() throws ApiException {
        Optional<Secret> found = api.secret();
        Optional<ReviewPathKey> stored = found.flatMap(secret -> Optional.ofNullable(secret.getData()))
                .flatMap(data -> ReviewPathKey.parse(data.get(ReviewPathKey.FIELD)));
        if (stored.isEmpty()) {
            ReviewPathKey key = remembered.orElseGet(ReviewPathKey::create);
            Map<String, String> data = Map.of(ReviewPathKey.FIELD, key.data());
            if (found.isPresent()) {
                api.update(found.get(), data);
            } else {
                api.create("Opaque", data);
            }
            remembered = Optional.of(key);
        } else {
            remembered = stored;
        }
        problems.resolve(SECRET);
    }

    private void publish(WebhookConfiguration webhook, String path) throws ApiException {
        try {
            publisher.publish(webhook, Optional.empty(), Optional.of(path), clock.instant());
            webhooks.resolve(webhook);
        } catch (ApiException e) {
            if (e.isConflict()) {
                throw e;
            }
            fail(webhooks.matter(webhook), e);
        }
    }

    /** Notes it; this part cannot be done now. */
    private boolean fail(String matter, ApiException refusal) {
        failed = true;
        problems.report(matter, refusal.getMessage());
        return true;
    }
}
