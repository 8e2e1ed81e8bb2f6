package dev.stowage.serve;

import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.AdmissionOutcome;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everyone who is told of the webhook's answers, those included who join once it runs. */
final class Listeners implements AdmissionObserver {

    private final List<AdmissionObserver> all = new CopyOnWriteArrayList<>();

    void add(AdmissionObserver observer) {
        all.add(Objects.requireNonNull(observer, "observer"));
    }

    @Override
    public void answered(AdmissionOutcome outcome) {
        for (AdmissionObserver observer : all) {
            observer.answered(outcome);
        }
    }
}
