package dev.stowage.tls.managed;

import dev.stowage.admission.ReviewPaths;
import dev.stowage.log.ThrottledLog;
import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.Renewal;
import dev.stowage.tls.ServingCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that all replicas serve, kept in a Secret of the cluster. Every replica maintains it: whichever is first
 * makes what is missing, renews what is due, repairs what was deleted or damaged, and writes the caBundle; the others
 * use the result. What is served is in memory, so nothing here can stop reviews from being answered.
 */
public final class SharedCertificate implements CertificateSource, ReviewPaths {

    private static final Logger LOG = System.getLogger(SharedCertificate.class.getName());
    private static final String SECRET = "Secret";
    private static final String CLOCKS = "clocks";

    /** How often another client may be faster within one check, until the next check continues. */
    private static final int ATTEMPTS = 10;

    private final CertificateSettings settings;
    private final Clock clock;
    private final CertificateApi api;
    private final ThrottledLog problems;
    private final CertificateReporter reporter;
    private final WebhookPublisher publisher;
    private final CertificatePlanner planner;
    private final RenewalLimit limit;
    private final CaBundleRollout rollout;
    private final WebhookConfigurations webhooks;
    private final AcceptedPaths paths;
    private final ReconcileLoop loop;
    private final ServedCertificate served;

    /** The content of the Secret when it was last whole; guarded by this. */
    private Optional<CertificateSecret> remembered = Optional.empty();

    private volatile CaBundle caBundle = CaBundle.EMPTY;
    private volatile Instant nextDue = Instant.MIN;
    private volatile boolean ready;
    /** Whether the last check could not do what it had to. */
    private volatile boolean failed;

    private SharedCertificate(
            KubernetesClient client, CertificateSettings settings, Clock clock, CertificateObserver observer) {
        this.settings = settings;
        this.clock = clock;
        this.api = new CertificateApi(client, settings.secret(), settings.webhook());
        this.problems = new ThrottledLog(LOG, "certificates", clock);
        this.reporter = new CertificateReporter(observer, new CertificateEvents(api, problems, clock), api);
        this.paths = new AcceptedPaths(settings.overlap());
        this.publisher = new WebhookPublisher(api, reporter, paths);
        this.planner = new CertificatePlanner(settings, clock);
        this.limit = new RenewalLimit(clock);
        this.served = new ServedCertificate(() -> CertificateAuthority.create(clock, settings.certificateLife())
                .issue(settings.names(), clock, settings.certificateLife()));
        this.rollout = new CaBundleRollout(settings.overlap());
        this.webhooks = new WebhookConfigurations(api, problems, settings.steering());
        this.loop = new ReconcileLoop(
                settings.checkInterval(),
                this::reconcile,
                () -> failed || !clock.instant().isBefore(nextDue));
        loop.listenTo(api.watchSecret(loop::wake, problems));
        loop.listenTo(api.watchWebhook(loop::wake, problems));
        if (settings.steering()) {
            loop.listenTo(api.watchSteering(loop::wake, problems));
        }
    }

    /**
     * Starts maintaining it; returns at once.
     *
     * @param client the cluster; stays the caller's to close, after this
     * @param clock the time
     * @param observer is notified of changes
     */
    public static SharedCertificate start(
            KubernetesClient client, CertificateSettings settings, Clock clock, CertificateObserver observer) {
        SharedCertificate shared = new SharedCertificate(client, settings, clock, observer);
        shared.loop.start();
        return shared;
    }

    /**
     * The certificate to serve, from memory. Only the first call waits for it, some seconds; then a stand-in is given, which
     * no client trusts, so that this replica can start and report the problem.
     */
    @Override
    public ServingCertificate current() {
        return served.current(
                () -> LOG.log(Level.WARNING, "certificates: the {0} is not available yet", api.secretName()));
    }

    @Override
    public Optional<String> caPem() {
        CaBundle now = caBundle;
        return now.certificates().isEmpty() ? Optional.empty() : Optional.of(now.toPem());
    }

    /** Whether the certificate is the shared one, and the caBundle was written as far as that is possible. */
    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public Optional<String> problem() {
        return problems.summary();
    }

    @Override
    public void onChange(Runnable listener) {
        served.onChange(listener);
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Checks both objects and repairs what is wrong with them. */
    synchronized void reconcile() {
        failed = false;
        for (int attempt = 0; attempt < ATTEMPTS && !reconcileOnce(); attempt++) {
            LOG.log(Level.DEBUG, "certificates: another replica was faster");
        }
        served.checked();
    }

    /** False when another client wrote meanwhile, so that it is to be done again. */
    private boolean reconcileOnce() {
        // The webhook first. Whoever changes both writes the Secret first, so the Secret read after this is never older
        // than what the webhook says, and nobody puts an older bundle over a newer one.
        List<WebhookConfiguration> found = readWebhooks();
        if (!keepSecret()) {
            return false;
        }
        if (remembered.isPresent()) {
            paths.update(accepted(remembered.get()), clock.instant());
            if (!publish(found, remembered.get())) {
                return false;
            }
            serve(remembered.get());
            ready = true;
        }
        return true;
    }

    /** What is served must be trusted by all of them. */
    private List<WebhookConfiguration> readWebhooks() {
        List<WebhookConfiguration> found = webhooks.read(this::fail);
        found.stream()
                .map(webhook -> new WebhookCaBundle(webhook).common())
                .reduce(CaBundle::common)
                .ifPresent(bundle -> rollout.seen(bundle, clock.instant()));
        return found;
    }

    private boolean keepSecret() {
        try {
            Optional<Secret> found = api.secret();
            CertificateSecret stored = found.map(secret -> CertificateSecret.read(secret.getData()))
                    .orElse(CertificateSecret.NONE);
            CertificatePlanner.Step step =
                    limited(stored, planner.next(stored, remembered, served.shared(), this::isSettled));
            if (!step.content().holdsSameAs(stored)) {
                write(found, stored, step);
            }
            remember(step.content());
            problems.resolve(SECRET);
            return true;
        } catch (ApiException e) {
            return !e.isConflict() && fail(SECRET, e);
        }
    }

    /** Not what was renewed lately, if it is whole and for the right names: then only a clock says that it is to be renewed. */
    private CertificatePlanner.Step limited(CertificateSecret stored, CertificatePlanner.Step step) {
        boolean forbidden =
                stored.isWhole() && stored.serving().orElseThrow().covers(settings.names()) && limit.forbids(step);
        if (!forbidden) {
            problems.resolve(CLOCKS);
            return step;
        }
        problems.report(
                CLOCKS,
                "replicas renew each other's certificates, because their clocks are more than "
                        + Renewal.CLOCK_TOLERANCE.toHours() + " hours apart; correct the clocks of the nodes");
        return new CertificatePlanner.Step(stored.with(step.content().pathKey().orElseThrow()), false, false);
    }

    private void write(Optional<Secret> found, CertificateSecret stored, CertificatePlanner.Step step)
            throws ApiException {
        try {
            if (found.isPresent()) {
                api.update(found.get(), step.content().data());
            } else {
                api.create("kubernetes.io/tls", step.content().data());
            }
        } catch (ApiException e) {
            // Better what is there, as long as it is valid, than what nobody else will ever see.
            if (!e.isConflict() && remembered.isEmpty() && isUsable(stored)) {
                remember(stored);
            }
            throw e;
        }
        if (stored.isWhole()) {
            limit.renewed(step);
        }
        boolean first = stored.holdsNothing() && remembered.isEmpty();
        reporter.written(step, stored, first);
    }

    /** False when a configuration changed meanwhile. */
    private boolean publish(List<WebhookConfiguration> found, CertificateSecret content) {
        boolean all = !found.isEmpty();
        for (WebhookConfiguration webhook : found) {
            try {
                publisher.publish(webhook, Optional.of(content.bundle()), path(webhook, content), clock.instant());
                webhooks.resolve(webhook);
            } catch (ApiException e) {
                if (e.isConflict()) {
                    return false;
                }
                all = false;
                fail(webhooks.matter(webhook), e);
            }
        }
        if (all) {
            rollout.seen(content.bundle(), clock.instant());
        }
        return true;
    }

    /** Where the path is not to be secret, any accepted one may stay, so that replicas of both kinds do not fight during a roll. */
    private Optional<String> path(WebhookConfiguration webhook, CertificateSecret content) {
        if (settings.secretPath()) {
            return content.path();
        }
        return Optional.of(ReviewPathKey.FIXED).filter(fixed -> !new WebhookPath(webhook).isAny(this::accepts));
    }

    /** The paths that the webhook's configuration contains, has contained, or will contain. */
    private List<String> accepted(CertificateSecret content) {
        List<String> all = new ArrayList<>(content.paths());
        if (!settings.secretPath()) {
            all.add(ReviewPathKey.FIXED);
        }
        return all;
    }

    @Override
    public boolean accepts(String path) {
        return paths.accepts(path);
    }

    /** Serves the newest certificate, unless what is served may be and the newest one's authority is too new to be known. */
    private void serve(CertificateSecret content) {
        ServingCertificate newest = content.serving().orElseThrow();
        Optional<X509Certificate> issuer = content.bundle().issuerOf(newest);
        boolean keeps = served.shared()
                        .filter(now -> planner.isUsable(now, content.bundle()))
                        .filter(now -> !content.bundle().issuerOf(now).equals(issuer))
                        .isPresent()
                && !issuer.map(this::isSettled).orElse(false);
        Instant now = clock.instant();
        Instant due = planner.nextDue(content);
        nextDue = rollout.nextSettled(now).filter(due::isAfter).orElse(due);
        caBundle = content.bundle();
        if (!keeps) {
            served.serve(newest);
        }
    }

    /** Notes it; this part cannot be done now, but the check continues with the others. */
    private boolean fail(String matter, ApiException refusal) {
        failed = true;
        problems.report(matter, refusal.getMessage());
        return true;
    }

    private void remember(CertificateSecret content) {
        remembered = Optional.of(content);
    }

    private boolean isUsable(CertificateSecret stored) {
        return stored.serving()
                .filter(serving -> planner.isUsable(serving, stored.bundle()))
                .isPresent();
    }

    private boolean isSettled(X509Certificate authority) {
        return rollout.isSettled(authority, clock.instant());
    }
}
