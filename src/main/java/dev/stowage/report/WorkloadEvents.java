package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.admission.SteeringEvent;
import dev.stowage.kube.Events;
import dev.stowage.platform.Platform;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.StatusText;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.steering.SteeringPlan;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ControllingOwner;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

/**
 * Kubernetes Events on workloads whose image has become incompatible, or runs on some of their nodes only, for {@code kubectl describe}. Their number is limited, nothing
 * waits for them, and they are not retried.
 */
final class WorkloadEvents {

    private static final int MAX_WORKLOADS = 10;
    private static final int BURST = 50;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_NOTE = 1000;
    private static final int MAX_REPORTED = 10_000;
    private static final int MAX_KEY = 2_000;

    private final KubernetesClient client;
    private final ApiWriteMonitor monitor;
    private final Clock clock;
    private final Executor executor;
    private final Cache<String, Boolean> reported = Caffeine.newBuilder()
            .maximumSize(MAX_REPORTED)
            .executor(Runnable::run)
            .build();
    private Instant window = Instant.MIN;
    private int left;

    /** @param executor writes them outside the reconciler */
    WorkloadEvents(KubernetesClient client, ApiWriteMonitor monitor, Clock clock, Executor executor) {
        this.client = client;
        this.monitor = monitor;
        this.clock = clock;
        this.executor = executor;
    }

    /** Writes an Event on the workloads that use the image. */
    void becameIncompatible(ImageReport report, ImageReportStatus status, ImageUsage usage) {
        Set<ObjectReference> subjects = new LinkedHashSet<>();
        for (ImageUser user : usage.users()) {
            if (!user.apiVersion().isEmpty()) {
                subjects.add(new ObjectReferenceBuilder()
                        .withApiVersion(user.apiVersion())
                        .withKind(user.kind())
                        .withNamespace(report.getMetadata().getNamespace())
                        .withName(user.name())
                        .withUid(user.uid().isEmpty() ? null : user.uid())
                        .build());
            }
        }
        String note = StatusText.bounded(
                "image " + report.getSpec().image() + " is incompatible"
                        + (status.missingPlatforms().isEmpty()
                                ? ""
                                : " with " + String.join(", ", status.missingPlatforms()))
                        + ": "
                        + status.message() + " (imagereport "
                        + report.getMetadata().getName() + ")",
                MAX_NOTE);
        for (ObjectReference subject : StatusText.first(List.copyOf(subjects), MAX_WORKLOADS)) {
            if (tryAcquire()) {
                write(Events.of(
                        subject, subject.getName() + ".", "Warning", "ImageIncompatible", note, clock.instant()));
            }
        }
    }

    /**
     * Writes an Event on the owner of a pod that was admitted although an image does not run on each eligible node. Such an owner
     * is of a kind that is not checked, so nothing else says it there. One owner gets one Event for each image.
     */
    void admittedOnSomeNodes(PolicyDecision decision) {
        Workload pod = decision.assessment().workload();
        if (pod.uncheckedOwner().isEmpty()) {
            return;
        }
        ControllingOwner owner = pod.uncheckedOwner().get();
        ObjectReference subject = reference(owner, pod.namespace());
        decision.failingOnSomeNodes().forEach((image, verdicts) -> {
            String key = pod.namespace() + "/" + owner + " " + image.image();
            // longer names are not valid, and would fill the memory
            if (key.length() <= MAX_KEY && reported.getIfPresent(key) == null && tryAcquire()) {
                reported.put(key, true);
                Verdict verdict = verdicts.values().iterator().next();
                String platforms = verdicts.keySet().stream()
                        .map(profile -> profile.platform().toString())
                        .distinct()
                        .collect(Collectors.joining(", "));
                write(Events.of(
                        subject,
                        owner.name() + ".",
                        "Warning",
                        "ImageRunsOnSomeNodes",
                        StatusText.bounded(
                                "pod " + pod.name() + " was admitted, but its image " + image.image()
                                        + " does not run on all nodes where it may be scheduled: it fails on "
                                        + platforms
                                        + ": " + verdict.message(),
                                MAX_NOTE),
                        clock.instant()));
            }
        });
    }

    /** Writes an Event on the owner of a pod that is kept off nodes: once for an owner and what its pods are kept off. */
    void steered(SteeringEvent event) {
        if (event.owner().isEmpty() || !(event.plan() instanceof SteeringPlan.Steered)) {
            return;
        }
        ControllingOwner owner = event.owner().get();
        List<Platform> keptOff = ((SteeringPlan.Steered) event.plan()).keptOff();
        String key = event.namespace() + "/" + owner + " is kept off " + keptOff;
        boolean fresh = !keptOff.isEmpty() && key.length() <= MAX_KEY && reported.getIfPresent(key) == null;
        if (fresh && tryAcquire()) {
            reported.put(key, true);
            write(Events.of(
                    reference(owner, event.namespace()),
                    owner.name() + ".",
                    "Normal",
                    "PodsSteered",
                    StatusText.bounded(
                            "pods are kept off "
                                    + keptOff.stream().map(Platform::toString).collect(Collectors.joining(", "))
                                    + ", where not all of their images run",
                            MAX_NOTE),
                    clock.instant()));
        }
    }

    private static ObjectReference reference(ControllingOwner owner, String namespace) {
        return new ObjectReferenceBuilder()
                .withApiVersion(owner.apiVersion())
                .withKind(owner.kind())
                .withNamespace(namespace)
                .withName(owner.name())
                .withUid(owner.uid().isEmpty() ? null : owner.uid())
                .build();
    }

    private synchronized boolean tryAcquire() {
        Instant now = clock.instant();
        if (window.equals(Instant.MIN) || !now.isBefore(window.plus(WINDOW)) || now.isBefore(window)) {
            window = now;
            left = BURST;
        }
        return left-- > 0;
    }

    private void write(Event event) {
        try {
            executor.execute(() -> {
                try {
                    client.resource(event).create();
                    monitor.succeeded(ApiWriteMonitor.Write.EVENT);
                } catch (KubernetesClientException e) {
                    monitor.failed(ApiWriteMonitor.Write.EVENT, e);
                }
            });
        } catch (RejectedExecutionException e) {
            // the operator is being closed
            return;
        }
    }
}
