package dev.stowage.cli.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.cli.cluster.ScannedCluster;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.OutputFile;
import dev.stowage.cli.output.Progress;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.cli.output.Version;
import dev.stowage.image.Printable;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.resolve.Selection;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One run of {@code stowage scan}: lists the cluster, assesses each image once, and makes a row of each image in each namespace. */
final class ScanRun {

    /**
     * What is scanned, and how.
     *
     * @param namespace the only namespace; all when empty
     * @param selector only objects whose labels match
     * @param platforms the platforms to check for instead of those of the nodes
     * @param runtime the container runtime on these platforms
     * @param verification how much of each image is read
     * @param pullSecrets whether pull secrets are read
     * @param timeout how long one request to the API server or one image may take
     */
    record Settings(
            Optional<String> namespace,
            Optional<String> selector,
            Collection<Platform> platforms,
            RuntimeFamily runtime,
            Verification verification,
            boolean pullSecrets,
            Duration timeout) {}

    private static final String CONTROL_PLANE = "kube-system";
    private static final Duration UNKNOWN_PAUSE = Duration.ofSeconds(10);
    private static final List<Platform> USUAL = List.of(Platform.of("linux", "amd64"), Platform.of("linux", "arm64"));

    private final ScannedCluster cluster;
    private final LocalEngine engine;
    private final HostLimits limits;
    private final Optional<ScanCache> cache;
    private final Settings settings;
    private final Terminal terminal;
    private final Interruption interruption;
    private final Clock clock;
    private final List<String> notes;
    private volatile ScanPlan plan = ScanPlan.ofPlatforms(USUAL, RuntimeFamily.CONTAINERD_2_3);

    /** @param notes what is to be noted so far; takes more */
    ScanRun(
            ScannedCluster cluster,
            LocalEngine engine,
            HostLimits limits,
            Optional<ScanCache> cache,
            Settings settings,
            Terminal terminal,
            Interruption interruption,
            Clock clock,
            List<String> notes) {
        this.cluster = cluster;
        this.engine = engine;
        this.limits = limits;
        this.cache = cache;
        this.settings = settings;
        this.terminal = terminal;
        this.interruption = interruption;
        this.clock = clock;
        this.notes = notes;
    }

    /**
     * Scans, or does so until it is interrupted.
     *
     * @throws StoppedException when the cluster cannot be reached
     */
    ScanResult run() {
        Inventory inventory = new Inventory(engine.defaultRegistry(), this::isExcluded);
        CompletableFuture<Void> listed = CompletableFuture.runAsync(() -> list(inventory), ScanRun::daemon);
        boolean complete = interruption.await(listed);
        cluster.gaps().forEach(gap -> notes.add(gap.message()));
        if (!complete) {
            return result(List.of(), 0, true);
        }
        Map<ImageKey, Optional<ImageScans.Key>> keys = new LinkedHashMap<>();
        ImageScans scans = scans(inventory, keys);
        Progress progress = new Progress(terminal, System::nanoTime, scans.size());
        complete = interruption.await(scans.start(progress::step));
        progress.end();
        List<ScanRow> rows = new ArrayList<>();
        keys.forEach((image, scan) -> {
            boolean known = scan.map(key -> scans.result(key).isPresent()).orElse(true);
            if (known) {
                rows.add(plan.row(inventory, image, scan.flatMap(scans::result), clock.instant()));
            }
        });
        write(scans);
        int images =
                (int) keys.keySet().stream().map(ImageKey::image).distinct().count();
        return result(rows, images, !complete);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scan");
        thread.setDaemon(true);
        thread.start();
    }

    private ScanResult result(List<ScanRow> rows, int images, boolean partial) {
        boolean podsKnown =
                cluster.gaps().stream().noneMatch(gap -> gap.resource().equals("pods"));
        return new ScanResult(
                cluster.name(),
                clock.instant(),
                Version.current(),
                plan.platforms(),
                rows,
                podsKnown,
                images,
                partial,
                notes);
    }

    /** As the operator: the control plane's namespace and excluded ones have no reports, unless it is what was requested. */
    private boolean isExcluded(String namespace) {
        return settings.namespace().isEmpty()
                && (namespace.equals(CONTROL_PLANE)
                        || engine.unreported().stream().anyMatch(glob -> glob.matches(namespace)));
    }

    private void list(Inventory inventory) {
        try {
            plan = plan();
            cluster.workloads(engine.workloads(), settings.selector(), inventory::add);
        } catch (ClusterUnavailableException e) {
            throw new StoppedException(e.wasContacted() ? ExitCode.UNDETERMINED : ExitCode.USAGE, e.getMessage());
        }
    }

    private ScanPlan plan() throws ClusterUnavailableException {
        if (!settings.platforms().isEmpty()) {
            return ScanPlan.ofPlatforms(settings.platforms(), settings.runtime());
        }
        List<NodeFacts> nodes = new ArrayList<>(cluster.nodes(engine.transientTaints(), engine.readKarpenter()));
        nodes.addAll(engine.nodePools());
        if (nodes.stream().allMatch(node -> node.profile().isEmpty())) {
            notes.add("no nodes are known: images are checked for linux/amd64 and linux/arm64"
                    + " (--platform chooses others)");
            return ScanPlan.ofPlatforms(USUAL, RuntimeFamily.CONTAINERD_2_3);
        }
        return ScanPlan.ofCluster(nodes, cluster.statedPlatforms());
    }

    /** @param keys takes for each image in each namespace under which key it is assessed, if it is */
    private ImageScans scans(Inventory inventory, Map<ImageKey, Optional<ImageScans.Key>> keys) {
        KeyringSource logins = (workload, deadline) -> CompletableFuture.completedFuture(engine.keyring());
        KeyringSource keyrings =
                settings.pullSecrets() ? new SecretsAndLogins(cluster.pullSecrets(), engine.keyring()) : logins;
        Map<Purpose, Assessor> assessors = new EnumMap<>(Purpose.class);
        Assessor plain = engine.assessor(this::noteLimit);
        for (Purpose purpose : Purpose.values()) {
            assessors.put(
                    purpose,
                    cache.map(known -> known.before(plain, engine, purpose)).orElse(plain));
        }
        ImageScans scans =
                new ImageScans(assessors::get, keyrings, limits, settings.verification(), settings.timeout());
        for (ImageKey image : inventory.images()) {
            ImageUsage usage = inventory.usage(image);
            Set<NodeProfile> profiles = plan.toRead(image, usage);
            Optional<ImageScans.Key> key = profiles.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ImageScans.Key(image.image(), usage.purpose()));
            keys.put(image, key);
            key.ifPresent(one -> scans.add(one, profiles, usage.reader().orElseThrow()));
        }
        return scans;
    }

    /** A registry that refuses requests because there were too many says for how long. */
    private void noteLimit(ResolvedImage image) {
        Set<Duration> pauses = new HashSet<>();
        image.selections().values().forEach(selection -> {
            if (selection instanceof Selection.Unreadable unreadable
                    && unreadable.failure().kind() == Kind.RATE_LIMITED) {
                pauses.add(unreadable.failure().retryAfter().orElse(UNKNOWN_PAUSE));
            }
        });
        pauses.stream()
                .max(Duration::compareTo)
                .ifPresent(
                        pause -> limits.refused(image.reference().repository().registry(), pause));
    }

    private void write(ImageScans scans) {
        cache.ifPresent(known -> {
            try {
                known.write(scans.results());
            } catch (IOException e) {
                notes.add("--cache could not be written: " + OutputFile.problem(e));
            }
        });
    }

    /** The sentences on what could not be read, for standard error. */
    List<String> notes() {
        return notes.stream().map(Printable::of).toList();
    }

    /** Whether images may be missing because a kind of workload could not be listed. */
    boolean workloadsUnlisted() {
        return cluster.gaps().stream().anyMatch(ScannedCluster.Gap::workloads);
    }
}
