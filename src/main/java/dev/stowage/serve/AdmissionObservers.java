package dev.stowage.serve;

import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.SteeringEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** All observers of the webhook's answers; others may join while it runs. */
final class AdmissionObservers implements AdmissionObserver, SteeringEvent.Observer {

    private final List<AdmissionObserver> all = new CopyOnWriteArrayList<>();

    private final List<SteeringEvent.Observer> ofSteering = new CopyOnWriteArrayList<>();

    void addOfSteering(SteeringEvent.Observer observer) {
        ofSteering.add(Objects.requireNonNull(observer, "observer"));
    }

    void add(AdmissionObserver observer) {
        all.add(Objects.requireNonNull(observer, "observer"));
    }

    @Override
    public void answered(AdmissionEvent event) {
        all.forEach(observer -> observer.answered(event));
    }

    @Override
    public void steered(SteeringEvent event) {
        ofSteering.forEach(observer -> observer.steered(event));
    }
}
