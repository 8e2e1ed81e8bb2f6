package dev.stowage.registry.credentials;

import dev.stowage.async.DaemonThreads;
import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of Docker's credential helpers: the program {@code docker-credential-<name>}, which is given a host and answers with a
 * user and a secret (docker/docker-credential-helpers, "Development"). Helpers run on a few threads of their own; what they
 * print is never shown.
 */
public final class CredentialHelper {

    /** The server under which credentials for Docker Hub are kept. */
    static final String DOCKER_HUB_SERVER = "https://index.docker.io/v1/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int QUEUE = 256;
    private static final Executor EXECUTOR = DaemonThreads.pool("credential-helper", 4, QUEUE);

    private final String name;
    private final List<Path> searchPath;

    private CredentialHelper(String name, List<Path> searchPath) {
        this.name = name;
        this.searchPath = List.copyOf(searchPath);
    }

    /**
     * The helper of this name, found as commands are found.
     *
     * @param name the name, as in {@code credsStore}: what follows {@code docker-credential-}
     * @param searchPath the folders to search, in order; see {@link #searchPath(String)}
     * @throws IllegalArgumentException when the name could not be that of a helper; the message says so
     */
    public static CredentialHelper named(String name, List<Path> searchPath) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"" + Printable.of(name)
                            + "\" is not a valid credential helper name: use the part after docker-credential-, such as ecr-login");
        }
        return new CredentialHelper(name, searchPath);
    }

    /**
     * The folders of a {@code PATH}; relative ones are left out, since what is run must not depend on where one stands.
     *
     * @param path the value of {@code PATH}; may be null
     */
    public static List<Path> searchPath(@Nullable String path) {
        List<Path> folders = new ArrayList<>();
        for (String folder : Objects.requireNonNullElse(path, "").split(File.pathSeparator)) {
            Path entry = Path.of(folder);
            if (entry.isAbsolute()) {
                folders.add(entry);
            }
        }
        return folders;
    }

    /** The name of the helper as a command: {@code docker-credential-} and its name. */
    public String command() {
        return "docker-credential-" + name;
    }

    /**
     * Runs the helper. When the deadline passes first, it and the processes that it started are killed.
     *
     * @param server the server of the credentials: a host, or {@code https://index.docker.io/v1/} for Docker Hub
     * @param deadline the deadline of the answer
     * @return completes by the deadline, never exceptionally: the credential, nothing when the helper knows
     *     none, or a failure that says how to fix it
     */
    public CompletableFuture<RegistryResult<Optional<Credential>>> credentialFor(String server, Deadline deadline) {
        try {
            return CompletableFuture.supplyAsync(() -> run(server, deadline), EXECUTOR)
                    .completeOnTimeout(tooLate(server), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(failed(
                    Kind.UNAVAILABLE, server, "more than " + QUEUE + " calls of credential helpers are waiting"));
        }
    }

    private RegistryResult<Optional<Credential>> run(String server, Deadline deadline) {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return failed(
                    Kind.UNAVAILABLE,
                    server,
                    "the credential helper " + command() + " is not installed: put it on the PATH, or remove \"" + name
                            + "\" from the configuration");
        }
        HelperProcess.Result output =
                HelperProcess.run(List.of(program.get().toString(), "get"), Map.of(), server, deadline);
        switch (output.end()) {
            case NOT_STARTED:
                return failed(
                        Kind.UNAVAILABLE,
                        server,
                        command() + " cannot be run: check that it is a program for this machine");
            case KILLED_AT_DEADLINE:
                return tooLate(server);
            case KILLED_FOR_OUTPUT:
                return failed(
                        Kind.UNAVAILABLE, server, command() + " printed too much and was stopped" + runChecked(server));
            case EXITED:
                return answer(server, output);
        }
        throw new AssertionError(output.end());
    }

    private RegistryResult<Optional<Credential>> answer(String server, HelperProcess.Result output) {
        if (output.exitCode() != 0) {
            return HelperOutput.saysNotFound(output.text())
                    ? new RegistryResult.Success<>(Optional.empty())
                    : failed(
                            Kind.UNAVAILABLE,
                            server,
                            command() + " failed with exit code " + output.exitCode() + runChecked(server));
        }
        return HelperOutput.read(output.text())
                .<RegistryResult<Optional<Credential>>>map(RegistryResult.Success::new)
                .orElseGet(() -> failed(
                        Kind.UNAVAILABLE,
                        server,
                        command() + " returned something that is not a user name and a secret in JSON"
                                + runChecked(server)));
    }

    /** Its output could contain a secret, so the message names the command that shows it. */
    private String runChecked(String server) {
        return "; to see why: echo '" + Printable.of(server) + "' | " + command() + " get";
    }

    private Optional<Path> program() {
        for (Path folder : searchPath) {
            for (String ending : List.of("", ".exe")) {
                Path file = folder.resolve(command() + ending);
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    private RegistryResult<Optional<Credential>> tooLate(String server) {
        return failed(
                Kind.TIMEOUT, server, command() + " did not respond in time and was stopped" + runChecked(server));
    }

    private static RegistryResult<Optional<Credential>> failed(Kind kind, String server, String reason) {
        return new RegistryResult.Failure<>(RegistryFailure.of(kind, Printable.of(server), "credentials", reason));
    }
}
