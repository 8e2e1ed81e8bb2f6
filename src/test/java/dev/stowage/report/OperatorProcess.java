package dev.stowage.report;

import dev.stowage.node.NodeFacts;
import dev.stowage.testing.Await;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An operator in a process of its own, which can be killed and frozen. */
final class OperatorProcess implements AutoCloseable {

    private static final String LEADING = "leading: ";

    private final Process process;
    private final Path out;

    private OperatorProcess(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /**
     * Starts one on a node of linux/amd64, with a registry that has these tags.
     *
     * @param folder for its files
     */
    static OperatorProcess start(Path folder, String kubeconfig, String lease, String identity, List<String> tags)
            throws IOException {
        Path config = Files.writeString(folder.resolve(identity + ".kubeconfig"), kubeconfig);
        Path out = folder.resolve(identity + ".out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OperatorProcess.class.getName(),
                        config.toString(),
                        lease,
                        identity,
                        String.join(",", tags))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        return new OperatorProcess(process, out);
    }

    /** The process: kubeconfig, lease, identity, tags. */
    public static void main(String... args) throws Exception {
        OneRegistry registry = new OneRegistry();
        for (String tag : args[3].split(",")) {
            registry.push(tag, "linux/amd64");
        }
        List<NodeFacts> nodes = ReportWorld.nodesOf("linux/amd64");
        try (KubernetesClient client = ReportWorld.client(Files.readString(Path.of(args[0])));
                ReportOperator operator = ReportWorld.operator(
                        client,
                        args[1],
                        args[2],
                        registry,
                        () -> nodes,
                        new SimpleMeterRegistry(),
                        Clock.systemUTC())) {
            operator.start();
            // until it is killed, or whoever started it has ended
            while (System.in.read() >= 0) {
                System.out.println(LEADING + operator.leading());
            }
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Whether it leads, by its own account. */
    boolean leading() throws IOException {
        int before = accounts().size();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        Await.await("its account", () -> accounts().size() > before);
        return accounts().get(before).equals(LEADING + true);
    }

    private List<String> accounts() throws IOException {
        return output().lines().filter(line -> line.startsWith(LEADING)).toList();
    }

    /** What it printed so far. */
    String output() throws IOException {
        return Files.readString(out);
    }

    /** SIGSTOP: it does nothing, and nobody is told. */
    void freeze() throws Exception {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if no time had passed. */
    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " failed");
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
