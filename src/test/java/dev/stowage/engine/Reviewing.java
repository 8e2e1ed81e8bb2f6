package dev.stowage.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.SteeringEvent;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryObserver.Operation;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import dev.stowage.workload.WorkloadReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Reviews answered by the whole engine over HTTP, as it is put together for the webhook, with its requests noted. */
final class Reviewing implements AutoCloseable {

    final List<AdmissionEvent> outcomes = new CopyOnWriteArrayList<>();
    private final List<RegistryObserver.Request> requests = new CopyOnWriteArrayList<>();
    private final Engine engine;
    private final AdmissionHandler handler;

    /**
     * @param keyring the credentials of all pods
     * @param registries changes how registries are contacted
     */
    Reviewing(Keyring keyring, UnaryOperator<RegistrySettings> registries) {
        Settings settings = settings(registries);
        engine = new Engine(settings, requests::add, CacheObserver.NONE);
        handler = new AdmissionHandler(
                new WorkloadReader(List.of()),
                engine.workloadAssessor(),
                new FakeCluster()
                        .node("amd", "linux/amd64")
                        .node("arm", "linux/arm64")
                        .view((workload, deadline) -> CompletableFuture.completedFuture(keyring)),
                settings::policy,
                BackgroundVerification.NONE,
                outcomes::add,
                new SteeringSettings(SteeringMode.REQUIRED, List.of(), List.of()),
                SteeringEvent.Observer.NONE);
    }

    private static Settings settings(UnaryOperator<RegistrySettings> registries) {
        Settings defaults = Settings.of(
                new ConfigLoader(Map.of()).load(Optional.empty()), "defaults", Settings.Place.LOCAL, Map.of());
        return defaults.withRegistries(registries.apply(defaults.registries()));
    }

    /** The review of a new pod with this image. */
    CompletableFuture<AdmissionResponse> review(String image) {
        return handler.handle(Reviews.create(Reviews.pod("app=" + image)).bytes());
    }

    /** The answer of the mutating webhook to the review of a new pod with this image. */
    String steered(String image) {
        byte[] review = Reviews.create(Reviews.pod("app=" + image)).bytes();
        return response(handler.steer(handler.read(new ByteArrayInputStream(review)))
                        .join())
                .toString();
    }

    /** What was said about a new pod with this image: the denial, or the warnings. */
    String said(String image) {
        JsonNode response = response(review(image).join());
        List<String> lines = new ArrayList<>();
        response.path("warnings").forEach(warning -> lines.add(warning.asText()));
        lines.add(response.path("status").path("message").asText());
        return String.join("\n", lines).strip();
    }

    /** Whether the API server admits. */
    static boolean allowed(AdmissionResponse answer) {
        return response(answer).path("allowed").asBoolean();
    }

    private static JsonNode response(AdmissionResponse answer) {
        try {
            return new ObjectMapper().readTree(answer.body()).path("response");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was requested since the last call of this, in the order of the answers. */
    List<Operation> asked() {
        List<Operation> asks =
                requests.stream().map(RegistryObserver.Request::operation).toList();
        requests.clear();
        return asks;
    }

    @Override
    public void close() {
        engine.close();
    }
}
