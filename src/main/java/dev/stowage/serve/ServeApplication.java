package dev.stowage.serve;

import dev.stowage.tls.InvalidPemException;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code stowage serve} as Quarkus runs it: starts the webhook, says where it listens, and stays until it is told to end. */
@Singleton
@Unremovable
public final class ServeApplication implements QuarkusApplication {

    /** Prints the authority's certificate as PEM once the webhook listens. */
    public static final String PRINT_CA = "--print-ca";

    private static final Logger LOG = System.getLogger(ServeApplication.class.getName());
    /** Ends when it has been ready for some seconds, in which reports are begun. */
    public static final String UNTIL_READY = "--until-ready";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration REPORTS_BEGIN = Duration.ofSeconds(5);
    private static final int FAILED = 1;

    private final Serving serving;
    private final ServeParts parts;

    ServeApplication(Serving serving, ServeParts parts) {
        this.serving = serving;
        this.parts = parts;
    }

    /** Ends with 0 when told to end, with 1 when the webhook cannot be started, which standard error then explains. */
    @Override
    public int run(String... args) {
        int port;
        try {
            port = serving.start().join();
        } catch (IOException | InvalidPemException e) {
            System.err.println("stowage: cannot serve: the certificate: " + e.getMessage());
            return FAILED;
        } catch (CompletionException e) {
            System.err.println("stowage: cannot serve on " + parts.settings().host() + ":"
                    + parts.settings().port() + ": " + e.getCause().getMessage());
            return FAILED;
        }
        LOG.log(
                Level.INFO,
                "reviews are answered at https://" + parts.settings().host() + ":" + port + ReviewRoute.PATH);
        if (List.of(args).contains(PRINT_CA)) {
            System.out.print(parts.certificates().caPem().orElse(""));
        }
        if (List.of(args).contains(UNTIL_READY)) {
            return untilReady();
        }
        Quarkus.waitForExit();
        return 0;
    }

    private int untilReady() {
        try {
            serving.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(REPORTS_BEGIN.toSeconds());
            return 0;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            System.err.println("stowage: never ready: " + serving.state());
            return FAILED;
        }
    }
}
