package dev.stowage.tls.managed;

import dev.stowage.tls.ServingCertificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The certificate that this replica serves, in memory; a stand-in until the shared one is there. */
final class ServedCertificate {

    /** How long the start waits for the first check until a stand-in is served. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(10);

    private final Supplier<ServingCertificate> issuer;
    private final CountDownLatch checked = new CountDownLatch(1);
    private volatile Optional<ServingCertificate> shared = Optional.empty();
    private volatile Runnable listener = () -> {};

    /** Only {@link #current} touches it. */
    private Optional<ServingCertificate> standIn = Optional.empty();

    /** @param issuer issues the stand-in, which no client trusts */
    ServedCertificate(Supplier<ServingCertificate> issuer) {
        this.issuer = issuer;
    }

    /** Empty before the first certificate is served. */
    Optional<ServingCertificate> shared() {
        return shared;
    }

    /**
     * The shared certificate, or the stand-in. Only the first call waits, for the first check.
     *
     * @param late runs if the first check takes too long
     */
    ServingCertificate current(Runnable late) {
        if (shared.isEmpty() && standIn.isEmpty()) {
            try {
                if (!checked.await(FIRST_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                    late.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return shared.orElseGet(() -> {
            standIn = standIn.or(() -> Optional.of(issuer.get()));
            return standIn.get();
        });
    }

    /** The first check has ended, with a certificate or without. */
    void checked() {
        checked.countDown();
    }

    /** Serves this one from now on. */
    void serve(ServingCertificate newest) {
        if (!shared.map(ServingCertificate::certificate).equals(Optional.of(newest.certificate()))) {
            shared = Optional.of(newest);
            listener.run();
        }
    }

    void onChange(Runnable newListener) {
        listener = Objects.requireNonNull(newListener, "listener");
    }
}
