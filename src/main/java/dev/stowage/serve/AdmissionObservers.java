package dev.stowage.serve;

import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** All observers of the webhook's answers; others may join while it runs. */
final class AdmissionObservers implements AdmissionObserver {

    private final List<AdmissionObserver> all = new CopyOnWriteArrayList<>();

    void add(AdmissionObserver observer) {
        all.add(Objects.requireNonNull(observer, "observer"));
    }

    @Override
    public void answered(AdmissionEvent event) {
        all.forEach(observer -> observer.answered(event));
    }
}
