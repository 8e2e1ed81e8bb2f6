package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.ReviewPaths;
import dev.stowage.tls.CertificateSource;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code stowage serve} as Quarkus runs it, when its server listens: becomes ready, and stays until the process is to end. */
@Singleton
@Unremovable
public final class ServeApplication implements QuarkusApplication {

    /** Prints the authority's certificate as PEM once the webhook listens. */
    public static final String PRINT_CA = "--print-ca";

    /** Ends after the warm-up, which then waits for nothing: for the training run of an AOT cache. */
    public static final String WARM_UP_ONLY = "--warm-up-only";

    private static final Logger LOG = System.getLogger(ServeApplication.class.getName());
    private static final int FAILED = 1;
    private static final int PATIENCE_SECONDS = 60;

    private final ServeConfig config;
    private final CertificateSource certificates;
    private final CertificateReloader reloader;
    private final AdmissionReadiness readiness;
    private final WarmUp warmUp;
    private final ReviewPaths paths;
    private final ReportOperatorRunner reports;
    private final HttpServer server;
    private final Vertx vertx;

    ServeApplication(
            ServeConfig config,
            CertificateSource certificates,
            CertificateReloader reloader,
            AdmissionReadiness readiness,
            WarmUp warmUp,
            ReviewPaths paths,
            ReportOperatorRunner reports,
            HttpServer server,
            Vertx vertx) {
        this.config = config;
        this.certificates = certificates;
        this.reloader = reloader;
        this.readiness = readiness;
        this.warmUp = warmUp;
        this.paths = paths;
        this.reports = reports;
        this.server = server;
        this.vertx = vertx;
    }

    /** Ends with 0 when the process is to end. */
    @Override
    public int run(String... args) {
        LOG.log(
                Level.INFO,
                "reviews are answered at https://"
                        + host(config.config().server().host()) + ":"
                        + server.getSecurePort()
                        + (paths.accepts(AdmissionEndpoint.PATH) ? AdmissionEndpoint.PATH : ""));
        if (List.of(args).contains(PRINT_CA)) {
            System.out.print(certificates.caPem().orElse(""));
        }
        if (List.of(args).contains(WARM_UP_ONLY)) {
            return warmUpOnly();
        }
        reloader.start(vertx);
        readiness.start(vertx);
        reports.startAfter(readiness.ready());
        Quarkus.waitForExit();
        return 0;
    }

    private static String host(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }

    private int warmUpOnly() {
        try {
            warmUp.run(Optional.empty())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return 0;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            System.err.println("stowage: the warm-up failed: " + e);
            return FAILED;
        }
    }
}
