package dev.stowage.apiserver;

import dev.stowage.demo.KubeBinaries;
import dev.stowage.testing.Await;
import dev.stowage.testing.Program;
import io.fabric8.kubeapitest.KubeAPIServerConfig;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;
import io.fabric8.kubeapitest.cert.CertManager;
import io.fabric8.kubeapitest.kubeconfig.KubeConfig;
import io.fabric8.kubeapitest.process.EtcdProcess;
import io.fabric8.kubeapitest.process.KubeAPIServerProcess;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real API server with its etcd, one for all tests of a JVM. No controllers and no scheduler run. Tests keep to
 * names of their own and take away what is cluster-wide.
 */
public final class ApiServer implements AutoCloseable {

    private static ApiServer shared;

    private final EtcdProcess etcd;
    private final KubeAPIServerProcess first;
    private final KubeConfig kubeconfig;
    private final AuditLog audit = new AuditLog();
    private final Path program;
    private final int port;
    private Process restarted;

    /** kube-api-test starts the processes; it is told that they may end, because tests end them. */
    private ApiServer(KubeBinaries found) {
        program = found.apiServer();
        KubeAPIServerConfig config = KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(found.directory().toString())
                .withApiServerVersion(found.version())
                .withUpdateKubeConfig(false)
                // off by default; concerns only namespaces that are annotated for it
                .withApiServerFlag("--enable-admission-plugins", "PodNodeSelector,ExtendedResourceToleration")
                .withApiServerFlag("--audit-policy-file", audit.policy().toString())
                .withApiServerFlag("--audit-log-path", audit.log().toString())
                .build();
        BinaryManager binaries = new BinaryManager(config);
        CertManager certificates = new CertManager(config.getKubeAPITestDir());
        kubeconfig = new KubeConfig(certificates, binaries);
        etcd = new EtcdProcess(binaries, ended -> {}, true, config.getStartupTimeout());
        first = new KubeAPIServerProcess(certificates, binaries, ended -> {}, config);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            binaries.initAndDownloadIfRequired();
            certificates.createCertificatesIfNeeded();
            port = first.startApiServer(etcd.startEtcd());
            first.waitUntilReady();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * The shared one, started now if need be. The test is annotated with {@link dev.stowage.testing.RequiresApiServer}.
     *
     * @throws IllegalStateException when its binaries are not on this machine
     */
    public static synchronized ApiServer shared() {
        if (shared == null) {
            shared = own();
        }
        return shared;
    }

    /**
     * One for this test alone, which ends it: for what other tests leave on the shared one. Starting it takes seconds.
     *
     * @throws IllegalStateException when its binaries are not on this machine
     */
    public static ApiServer own() {
        return start(Program.kubeBinaries()
                .orElseThrow(() -> new IllegalStateException("no API server, and no @RequiresApiServer")));
    }

    /** A client with all rights, to be closed by the test. */
    public KubernetesClient client() {
        Config config = Config.fromKubeconfig(kubeconfig.generateKubeConfigYaml(port));
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The kubeconfig, as YAML, of a user with all rights. */
    public String kubeconfig() {
        return kubeconfig.generateKubeConfigYaml(port);
    }

    /** What it was told to write down. */
    AuditLog auditLog() {
        return audit;
    }

    /** Kills the API server, as a crash would, and calls this while it is away; then starts it again on the same data. */
    public synchronized void crash(ThrowingRunnable meanwhile) throws Exception {
        ProcessHandle running = running().orElseThrow();
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(running.info().arguments().orElseThrow()));
        running.destroyForcibly();
        running.onExit().get(20, TimeUnit.SECONDS);
        restarted = null;
        try {
            meanwhile.run();
        } finally {
            startAgain(command);
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    public interface ThrowingRunnable {
        /** Does it. */
        void run() throws Exception;
    }

    private static ApiServer start(KubeBinaries found) {
        System.out.println("API server of the tests: " + found.version() + " in " + found.directory());
        try {
            return new ApiServer(found);
        } catch (KubeAPITestException e) {
            // kube-api-test may pick one port for etcd and the API server, or one that was just taken.
            return new ApiServer(found);
        }
    }

    private Optional<ProcessHandle> running() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(String.valueOf(port)))
                        .orElse(false))
                .findFirst();
    }

    /** More than once if need be: meanwhile someone may have been given its port for an outgoing connection. */
    private void startAgain(List<String> command) throws IOException {
        Path log = Files.createTempFile("stowage-apiserver", ".log");
        try (KubernetesClient client = client()) {
            Await.await("the API server to come back", Duration.ofSeconds(120), () -> lastLines(log), () -> {
                if (restarted == null || !restarted.isAlive()) {
                    restarted = new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
                }
                return isReady(client);
            });
        } finally {
            Files.delete(log);
        }
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReady(KubernetesClient client) {
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    /** By SIGKILL: an API server with open watches takes a minute to end by itself, and nothing of it is kept. */
    @Override
    public void close() {
        if (restarted != null) {
            restarted.destroyForcibly();
        }
        first.stopApiServer();
        etcd.stopEtcd();
        try {
            etcd.cleanEtcdData();
        } catch (UncheckedIOException | KubeAPITestException | NullPointerException e) {
            // It never started.
        }
    }
}
