package dev.stowage.certificates;

import dev.stowage.tls.Renewal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The meters of the shared certificates, each from 0 on, so that a first event shows as an increase. */
public final class CertificateMetrics implements CertificateObserver {

    /** What was made anew, by {@code what}: {@code certificate}, {@code authority}: {@code stowage_tls_renewals_total}. */
    public static final String RENEWALS = "stowage.tls.renewals";

    /** Secrets that were put right: {@code stowage_tls_secret_repairs_total}. */
    public static final String SECRET_REPAIRS = "stowage.tls.secret.repairs";

    /** Overwritten bundles that were put right: {@code stowage_tls_bundle_repairs_total}. */
    public static final String BUNDLE_REPAIRS = "stowage.tls.bundle.repairs";

    private final Map<Renewal, Counter> renewals = new EnumMap<>(Renewal.class);
    private final Counter secretRepairs;
    private final Counter bundleRepairs;

    /** Registers them. */
    public CertificateMetrics(MeterRegistry meters) {
        renewals.put(Renewal.CERTIFICATE, renewals(meters, "certificate"));
        renewals.put(Renewal.AUTHORITY, renewals(meters, "authority"));
        secretRepairs = Counter.builder(SECRET_REPAIRS)
                .description("Times this replica put right a Secret that had been deleted or spoilt")
                .register(meters);
        bundleRepairs = Counter.builder(BUNDLE_REPAIRS)
                .description("Times this replica put right a caBundle that had been overwritten")
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

    private static Counter renewals(MeterRegistry meters, String what) {
        return Counter.builder(RENEWALS)
                .description("Certificates and authorities that this replica made")
                .tag("what", what)
                .register(meters);
    }
}
