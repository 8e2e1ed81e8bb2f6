package dev.stowage.tls.managed;

import dev.stowage.tls.Renewal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The meters of the shared certificates, each from 0 on, so that a first event shows as an increase. */
public final class CertificateMetrics implements CertificateObserver {

    /** Issued certificates, by {@code type} ({@code certificate} or {@code ca}): {@code stowage_tls_renewals_total}. */
    public static final String RENEWALS = "stowage.tls.renewals";

    /** Repaired Secrets: {@code stowage_tls_secret_repairs_total}. */
    public static final String SECRET_REPAIRS = "stowage.tls.secret.repairs";

    /** Repaired caBundles: {@code stowage_tls_ca_bundle_repairs_total}. */
    public static final String BUNDLE_REPAIRS = "stowage.tls.ca.bundle.repairs";

    /** Repaired paths of reviews: {@code stowage_tls_path_repairs_total}. */
    public static final String PATH_REPAIRS = "stowage.tls.path.repairs";

    private final Map<Renewal, Counter> renewals = new EnumMap<>(Renewal.class);
    private final Counter secretRepairs;
    private final Counter bundleRepairs;
    private final Counter pathRepairs;

    /** Registers them. */
    public CertificateMetrics(MeterRegistry meters) {
        renewals.put(Renewal.CERTIFICATE, renewals(meters, "certificate"));
        renewals.put(Renewal.AUTHORITY, renewals(meters, "ca"));
        secretRepairs = Counter.builder(SECRET_REPAIRS)
                .description("Secrets that this replica restored after they had been deleted or damaged")
                .register(meters);
        bundleRepairs = Counter.builder(BUNDLE_REPAIRS)
                .description("caBundles that this replica restored after they had been overwritten")
                .register(meters);
        pathRepairs = Counter.builder(PATH_REPAIRS)
                .description("Paths of reviews that this replica restored after they had been overwritten")
                .register(meters);
    }

    @Override
    public void renewed(Renewal what) {
        Counter counter = renewals.get(what);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void healed() {
        secretRepairs.increment();
    }

    @Override
    public void published(boolean repaired) {
        if (repaired) {
            bundleRepairs.increment();
        }
    }

    @Override
    public void pathPublished(boolean repaired) {
        if (repaired) {
            pathRepairs.increment();
        }
    }

    private static Counter renewals(MeterRegistry meters, String type) {
        return Counter.builder(RENEWALS)
                .description("Certificates and CAs that this replica issued")
                .tag("type", type)
                .register(meters);
    }
}
