package dev.stowage.cli;

import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.Terminal;
import dev.stowage.node.NodeFacts;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.WorkloadSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, as a shell would see them. */
public final class CommandRun {

    /** What came of it. */
    public record Result(int code, String out, String err) {}

    private final EngineFactory engines;
    private final Map<String, String> environment = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();
    private boolean watched;

    private CommandRun(EngineFactory engines) {
        this.engines = engines;
    }

    /** Commands that ask this registry. */
    public static CommandRun with(Registry registry) {
        return with(registry, List.of());
    }

    /** Commands that ask this registry with these credentials. */
    public static CommandRun with(Registry registry, Keyring keyring) {
        return with(registry, keyring, List.of());
    }

    /** Commands that ask this registry, with a configuration that declares these node pools. */
    public static CommandRun with(Registry registry, List<NodeFacts> pools) {
        return with(registry, Keyring.ANONYMOUS, pools);
    }

    private static CommandRun with(Registry registry, Keyring keyring, List<NodeFacts> pools) {
        return new CommandRun(options -> new LocalEngine(
                registry,
                new ImageResolver(registry, new DocumentReader()),
                keyring,
                "docker.io",
                WorkloadSettings.DEFAULT,
                pools,
                List.of(),
                true,
                ReviewBudget.DEFAULT,
                PolicyConfig.DEFAULT,
                List.of(),
                RegistrySettings.DEFAULT));
    }

    /** Commands with these engines. */
    public static CommandRun with(EngineFactory engines) {
        return new CommandRun(engines);
    }

    /** Commands that must not ask a registry. */
    public static CommandRun withoutRegistry() {
        return new CommandRun(options -> new LocalEngine(
                new MemoryRegistry(),
                new ImageResolver(new MemoryRegistry(), new DocumentReader()),
                (repository, deadline) -> {
                    throw new AssertionError("a registry was to be asked for " + repository);
                },
                "docker.io",
                WorkloadSettings.DEFAULT,
                List.of(),
                List.of(),
                true,
                ReviewBudget.DEFAULT,
                PolicyConfig.DEFAULT,
                List.of(),
                RegistrySettings.DEFAULT));
    }

    public CommandRun input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    public CommandRun input(byte[] bytes) {
        return input(new ByteArrayInputStream(bytes));
    }

    public CommandRun input(InputStream input) {
        this.in = input;
        return this;
    }

    CommandRun variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public CommandRun onTerminal() {
        this.watched = true;
        return this;
    }

    public Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Cli(new Terminal(in, out, err, environment, watched, watched), engines).run(args);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
