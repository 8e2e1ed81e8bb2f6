package dev.stowage.registry.credentials.plugin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.registry.credentials.HelperProcess;
import dev.stowage.registry.credentials.plugin.PluginResponse.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs the program of a provider for an image, by the exec protocol {@code credentialprovider.kubelet.k8s.io}. */
final class CredentialPlugin {

    /** Its output could contain a secret, so the message names the place that says how to see it. */
    private static final String BY_HAND = "; run it by hand to see why (docs/credentials.md)";

    private final PluginSpec spec;

    CredentialPlugin(PluginSpec spec) {
        this.spec = Objects.requireNonNull(spec, "spec");
    }

    /**
     * The result of a run.
     *
     * @param response the response, if there is one
     * @param problem else why not, in one clause without anything that the program printed; empty otherwise
     */
    record Result(Optional<PluginResponse> response, String problem) {

        static Result failed(String problem) {
            return new Result(Optional.empty(), problem);
        }

        /** For which images it counts; a failure counts for its own only. */
        Scope scope() {
            return response.map(PluginResponse::scope).orElse(Scope.IMAGE);
        }

        /** About how many bytes it takes in memory. */
        int weight() {
            return response.map(found -> found.auths().weight()).orElse(2 * problem.length());
        }
    }

    PluginSpec spec() {
        return spec;
    }

    /** Runs the program and waits for its end. When the deadline passes first, it and the processes that it started are killed. */
    Result run(Repository repository, Deadline deadline) {
        List<String> command = new ArrayList<>(List.of(spec.program().toString()));
        command.addAll(spec.args());
        HelperProcess.Result run = HelperProcess.run(command, spec.env(), request(repository), deadline);
        return switch (run.end()) {
            case NOT_STARTED -> failed("cannot be run: check that it is a program for the architecture of this node");
            case KILLED_AT_DEADLINE ->
                failed("did not respond in time and was stopped: check that its service can be reached from this pod");
            case KILLED_FOR_OUTPUT -> failed("printed too much and was stopped" + BY_HAND);
            case EXITED ->
                run.exitCode() == 0 ? read(run.text()) : failed("failed with exit code " + run.exitCode() + BY_HAND);
        };
    }

    /** A clause about this plug-in. */
    String problem(String clause) {
        return "credential plug-in \"" + Printable.of(spec.name()) + "\" " + clause;
    }

    private Result read(String output) {
        try {
            return new Result(Optional.of(PluginResponse.read(spec.name(), spec.apiVersion(), output)), "");
        } catch (IllegalArgumentException e) {
            return failed("returned " + e.getMessage() + BY_HAND);
        }
    }

    private Result failed(String clause) {
        return Result.failed(problem(clause));
    }

    private String request(Repository repository) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "CredentialProviderRequest")
                .put("apiVersion", spec.apiVersion())
                .put("image", repository.toString())
                .toString();
    }
}
