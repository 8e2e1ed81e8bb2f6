package dev.stowage.serve;

import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;

/** Serves the certificate of a {@link CertificateSource}, and each later one, without a new listener. */
final class CertificateReloader {

    private static final Logger LOG = System.getLogger(CertificateReloader.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final CertificateSource source;
    private final ReloadableKeyManager keyManager;
    private volatile ServingCertificate served;
    private volatile String problem = "";

    /**
     * Reads the first certificate.
     *
     * @throws IOException when it cannot be read
     * @throws InvalidPemException when it is not a certificate with its key
     */
    CertificateReloader(CertificateSource source) throws IOException, InvalidPemException {
        this.source = source;
        this.served = source.current();
        this.keyManager = new ReloadableKeyManager(served);
    }

    /** The source of key and certificate of each handshake. */
    ReloadableKeyManager keyManager() {
        return keyManager;
    }

    /** Checks for another certificate from now on: when the source calls, and every 15 seconds. */
    void start(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        source.onChange(() -> reload(context));
        vertx.setPeriodic(PERIOD.toMillis(), timer -> reload(context));
    }

    /** Whether the API server can trust what is served, rather than a stand-in. */
    boolean isReady() {
        return source.isReady();
    }

    /** The expiry of the served certificate. */
    Instant expiry() {
        return served.notAfter();
    }

    /** The state of the certificate for the readiness probe. */
    String state() {
        return "valid until " + expiry()
                + (source.isReady() ? "" : ", temporary")
                + (problem.isEmpty() ? "" : "; " + problem)
                + source.problem().map(clause -> "; " + clause).orElse("");
    }

    /** Reads off the event loop; one at a time, since the blocking calls of one context follow each other. */
    private Future<Void> reload(Context context) {
        return context.executeBlocking(() -> {
            reload();
            return null;
        });
    }

    /** Serves what the source has now, if that is another certificate; keeps the served one where there is a problem. */
    synchronized void reload() {
        try {
            ServingCertificate found = source.current();
            if (!found.certificate().equals(served.certificate())) {
                keyManager.reload(found);
                served = found;
                LOG.log(Level.INFO, "serving another certificate, valid until {0}", found.notAfter());
            }
            problem = "";
        } catch (InvalidPemException e) {
            keep("the new one " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            keep("a new one cannot be had: " + e);
        }
    }

    private void keep(String found) {
        if (!found.equals(problem)) {
            problem = found;
            LOG.log(Level.WARNING, "keeping the served certificate: {0}", found);
        }
    }
}
