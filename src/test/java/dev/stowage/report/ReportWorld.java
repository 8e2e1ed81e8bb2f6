package dev.stowage.report;

import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NodeSource;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.node.NodeFacts;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.report.api.CrdManifest;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.export.ExportSettings;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.Await;
import dev.stowage.testing.Crds;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A namespace on a real API server, nodes as they are said to be, a registry, and operators that look after both. */
public final class ReportWorld implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int MAX_PER_NAMESPACE = 2_000;

    /** A namespace that has no reports. */
    static final String EXCLUDED = "reports-excluded";

    private static final Duration QUIET = Duration.ofMillis(1500);

    private static final WorkloadSettings CUSTOM_KINDS = new WorkloadSettings(
            List.of(
                    new CustomKind("argoproj.io", CustomKind.ANY_VERSION, "Rollout", "spec.template.spec"),
                    new CustomKind("jobset.x-k8s.io", CustomKind.ANY_VERSION, "JobSet", "")),
            List.of(),
            true);

    /** A clock that goes on by itself and can be put forward. */
    public static final class Ahead extends Clock {
        private volatile Duration by = Duration.ZERO;

        public void travel(Duration time) {
            by = by.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    public final KubernetesClient client;
    public final String namespace = "reports-" + UUID.randomUUID().toString().substring(0, 8);
    public final OneRegistry registry = new OneRegistry();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final Ahead clock = new Ahead();
    private final AtomicReference<List<NodeFacts>> nodes = new AtomicReference<>(List.of());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger nodeQuestions = new AtomicInteger();
    private final AtomicInteger nodeErrors = new AtomicInteger();
    private volatile boolean nodesKnown = true;
    private volatile int maxPerNamespace = MAX_PER_NAMESPACE;
    private volatile Optional<ExportSettings> export = Optional.empty();
    private volatile boolean steered;

    public ReportWorld(ApiServer server) {
        client = client(server.kubeconfig());
        open.add(client);
        removeLeftovers();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        nodes("linux/amd64");
    }

    /** What other tests have left would be reported, too, and no controller removes it with its namespace. */
    private void removeLeftovers() {
        Crds.delete(client, "rollouts.argoproj.io", "jobsets.jobset.x-k8s.io");
        Stream.of(
                        client.apps().deployments(),
                        client.apps().replicaSets(),
                        client.apps().statefulSets(),
                        client.apps().daemonSets(),
                        client.batch().v1().cronjobs(),
                        client.batch().v1().jobs(),
                        client.replicationControllers(),
                        client.pods())
                .flatMap(kind -> kind.inAnyNamespace().list().getItems().stream())
                .forEach(this::remove);
        try {
            client.resources(ImageReport.class)
                    .inAnyNamespace()
                    .list()
                    .getItems()
                    .forEach(this::remove);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private void remove(HasMetadata left) {
        client.resource(left)
                .withGracePeriod(0)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** A client that gives up as soon as the application's does. */
    static KubernetesClient client(String kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig);
        config.setRequestRetryBackoffLimit(1);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The Lease that the operators of this world share. */
    String lease() {
        return "lease-" + namespace;
    }

    /** Installs the CRD, as the chart does. */
    public static void installCrd(KubernetesClient client) throws Exception {
        Crds.apply(client, CrdManifest.installed());
    }

    /** From now on the cluster has one node of each of these platforms. */
    void nodes(String... platforms) {
        nodes.set(nodesOf(platforms));
    }

    static List<NodeFacts> nodesOf(String... platforms) {
        List<NodeFacts> facts = new ArrayList<>();
        for (String text : platforms) {
            Platform platform = Platform.parse(text);
            Map<String, String> labels =
                    Map.of("kubernetes.io/os", platform.os(), "kubernetes.io/arch", platform.architecture());
            facts.add(new NodeFacts(
                    "node-" + facts.size(), false, Optional.of(NodeProfile.of(platform)), labels, List.of()));
        }
        return List.copyOf(facts);
    }

    /** Whether these are all nodes, or the list is still coming in. */
    void nodesKnown(boolean known) {
        nodesKnown = known;
    }

    /** The next operators create no more reports than this in a namespace. */
    void maxPerNamespace(int max) {
        maxPerNamespace = max;
    }

    /** The next operators export the reports. */
    public void export(ExportSettings settings) {
        export = Optional.of(settings);
    }

    /** The next operators take pods for steered. */
    void steered() {
        steered = true;
    }

    /** Reading the nodes fails so many times as if there were no memory. */
    void nodesExhaustMemory(int times) {
        nodeErrors.set(times);
    }

    /** How often the operators wanted to know whether these are all nodes. */
    int nodeQuestions() {
        return nodeQuestions.get();
    }

    private final class Nodes implements NodeSource {
        @Override
        public Collection<NodeFacts> nodes() {
            if (nodeErrors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("as the test wants it");
            }
            return nodes.get();
        }

        @Override
        public boolean known() {
            nodeQuestions.incrementAndGet();
            return nodesKnown;
        }
    }

    /** Starts an operator with the rights of this client; no two tests share its Lease. */
    ReportOperator operator(KubernetesClient with, String identity) {
        return operator(with, lease(), identity);
    }

    /** Starts an operator that believes to be the leader whatever the others believe. */
    ReportOperator operatorWithItsOwnLease(String identity) {
        return operator(client, lease() + "-" + identity, identity);
    }

    /** Closes this client at the end, after the operators. */
    KubernetesClient keep(KubernetesClient other) {
        open.add(other);
        return other;
    }

    private ReportOperator operator(KubernetesClient with, String leaseName, String identity) {
        ReportOperator operator = operator(
                with, leaseName, identity, registry, new Nodes(), meters, clock, maxPerNamespace, export, steered);
        open.add(0, operator);
        operator.start();
        return operator;
    }

    /** An operator with a short lease, not started. */
    static ReportOperator operator(
            KubernetesClient with,
            String leaseName,
            String identity,
            OneRegistry registry,
            NodeSource nodes,
            MeterRegistry meters,
            Clock clock) {
        return operator(
                with, leaseName, identity, registry, nodes, meters, clock, MAX_PER_NAMESPACE, Optional.empty(), false);
    }

    private static ReportOperator operator(
            KubernetesClient with,
            String leaseName,
            String identity,
            OneRegistry registry,
            NodeSource nodes,
            MeterRegistry meters,
            Clock clock,
            int maxPerNamespace,
            Optional<ExportSettings> export,
            boolean steered) {
        LeaseSettings lease = new LeaseSettings(
                "default", leaseName, identity, Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(1));
        ReportSettings settings = new ReportSettings(
                "docker.io",
                Duration.ofHours(24),
                Duration.ofHours(1),
                4,
                maxPerNamespace,
                EXCLUDED::equals,
                CUSTOM_KINDS,
                export,
                lease);
        return new ReportOperator(new ReportContext(
                with,
                settings,
                new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge()),
                nodes,
                KeyringSource.ANONYMOUS,
                Optional.empty(),
                meters,
                clock,
                () -> 0.5,
                namespace -> steered));
    }

    public ReportOperator operator() {
        return operator(client, "one");
    }

    /** A Deployment in the namespace, of one container. */
    public Deployment deploy(String name, String image) {
        return client.resource(deployment(name, image)).serverSideApply();
    }

    Deployment deployment(String name, String image) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    List<ImageReport> reports() {
        return client.resources(ImageReport.class).inNamespace(namespace).list().getItems();
    }

    public Optional<ImageReport> report(String image) {
        return reports().stream()
                .filter(report -> image.equals(report.getSpec().image()))
                .findFirst();
    }

    /** The report of this image once it has this verdict. */
    public ImageReport await(String image, String verdict) {
        await(image + " to be " + verdict, () -> report(image)
                .map(ImageReport::getStatus)
                .filter(status -> verdict.equals(status.verdict()))
                .isPresent());
        return report(image).orElseThrow();
    }

    /**
     * Makes the operator look after a report, if there is one: its schedule goes by the test's clock, but JOSDK's timers by the
     * real one.
     */
    public void touch(String image) {
        try {
            // as a merge: the operator may write at the same time
            String touched = "{\"metadata\":{\"annotations\":{\"touched\":\"" + clock.instant() + "\"}}}";
            report(image)
                    .ifPresent(report -> client.resource(report).patch(PatchContext.of(PatchType.JSON_MERGE), touched));
        } catch (KubernetesClientException e) {
            // the operator may just have deleted it
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Waits until something is so. */
    public void await(String what, Callable<Boolean> condition) {
        Await.await(what, PATIENCE, () -> "reports: " + reports(), condition);
    }

    /** Waits until the operators have written nothing for longer than they put off what they cannot do at once. */
    public void awaitQuiet() {
        Await.awaitStable("the operators to write nothing", QUIET, this::attempts);
    }

    /** How often the operators have tried to write anything. */
    private double attempts() {
        return meters.find("stowage.report.writes").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How often something was written with this outcome, by all operators. */
    public double writes(String operation, String outcome) {
        return meters.get("stowage.report.writes")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private List<ImageReport> someReports() {
        return client.resources(ImageReport.class)
                .inNamespace(namespace)
                .list(new ListOptionsBuilder().withLimit(500L).build())
                .getItems();
    }

    @Override
    public void close() throws Exception {
        client.apps().deployments().inNamespace(namespace).delete();
        // one by one: the API server deletes a collection within one request's time, or not whole
        List<ImageReport> left = someReports();
        for (; !left.isEmpty(); left = someReports()) {
            left.forEach(report -> client.resource(report).delete());
        }
        for (AutoCloseable one : List.copyOf(open)) {
            one.close();
        }
    }
}
