package dev.stowage.admission;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Provisioner;
import dev.stowage.node.Taint;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Action;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.CustomKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A situation for every message there is, by the name that the documentation gives it. */
final class MessageScenarios {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    private final Map<String, Supplier<String>> scenarios = new LinkedHashMap<>();
    private final Admissions admissions = new Admissions();
    private final Map<String, RegistryFailure> failures = new LinkedHashMap<>();

    private MessageScenarios() {
        Descriptor amd64 = admissions.images.image("single", AMD64);
        Descriptor arm64 = admissions.images.image(ARM64);
        admissions.images.index("1.4", amd64, admissions.images.attestation(amd64));
        admissions.images.index(
                "1.5", amd64, arm64, admissions.images.attestation(amd64), admissions.images.attestation(arm64));
        admissions.images.index("arm64", arm64);
        admissions.images.index("attestations", admissions.images.attestation(amd64));
        admissions.images.index("lies", amd64, SampleImages.claiming(amd64, Optional.of(ARM64)));
        admissions.images.chart("chart");
        fail(
                "1.6",
                RegistryFailure.Kind.NOT_FOUND,
                "registry.example has no such tag, or no such repository (MANIFEST_UNKNOWN)");
        fail(
                "down",
                RegistryFailure.Kind.UNAVAILABLE,
                "connection refused by registry.example: check that the registry runs there, and the port");
        fail(
                "private",
                RegistryFailure.Kind.UNAUTHORIZED,
                "does not exist or needs credentials: registry.example returned 401");
        admissions.cluster.node("amd-1", "linux/amd64").node("amd-2", "linux/amd64");
        IntStream.rangeClosed(1, 5).forEach(i -> admissions.cluster.node("arm-" + i, "linux/arm64"));
        denials();
        warnings();
    }

    /** The situations, each with what is said. */
    static Map<String, Supplier<String>> all() {
        return new MessageScenarios().scenarios;
    }

    /** What is said in this situation, which none before it has touched. */
    static String told(String name) {
        return all().get(name).get();
    }

    private void denials() {
        scenarios.put("platform missing", () -> denial(Reviews.deployment("app=registry.example/shop:1.4")));
        scenarios.put("single manifest", () -> denial(Reviews.pod("app=registry.example/shop:single")));
        scenarios.put("no selector helps", () -> {
            admissions.cluster.without("amd-1").without("amd-2");
            return denial(Reviews.deployment("app=registry.example/shop:1.4"));
        });
        scenarios.put(
                "several images",
                () -> denial(Reviews.pod(
                        "app=registry.example/shop:1.4",
                        "worker=registry.example/shop:1.4",
                        "log=registry.example/shop:single")));
        scenarios.put("many images", () -> {
            String[] containers = IntStream.rangeClosed(1, 30)
                    .mapToObj(i -> "c" + i + "=registry.example/Team-" + i + "//shop:1")
                    .toArray(String[]::new);
            String message = denial(Reviews.pod(containers));
            return message.substring(message.indexOf("container \"c11\""));
        });
        scenarios.put("node pools", () -> {
            admissions
                    .cluster
                    .pool("spot-arm", "linux/arm64")
                    .without("arm-2")
                    .without("arm-3")
                    .without("arm-4");
            return denial(Reviews.deployment("app=registry.example/shop:1.4"));
        });
        scenarios.put(
                "pinned",
                () -> denial(Reviews.pod("app=registry.example/shop:1.4")
                        + "  nodeSelector: {kubernetes.io/arch: s390x}\n"));
        scenarios.put("tainted nodes", () -> {
            admissions.cluster.node("arm-6", "linux/arm64", new Taint("kubernetes.io/arch", "arm64", "NoSchedule"));
            IntStream.rangeClosed(1, 5).forEach(i -> admissions.cluster.without("arm-" + i));
            return denial(Reviews.deployment("app=registry.example/shop:arm64"));
        });
        scenarios.put(
                "Fargate",
                () -> denial(Reviews.pod("app=registry.example/shop:arm64") + "  schedulerName: fargate-scheduler\n"));
        scenarios.put("stated platforms", () -> {
            admissions.cluster.platforms("shop", "linux/amd64");
            return denial(Reviews.deployment("app=registry.example/shop:arm64"));
        });
        scenarios.put("no image", () -> denial(Reviews.pod("app=registry.example/shop:chart")));
        scenarios.put("only attestations", () -> denial(Reviews.pod("app=registry.example/shop:attestations")));
        scenarios.put("invalid reference", () -> denial(Reviews.pod("app=registry.example/Shop:1.4")));
        scenarios.put("unreadable label", () -> {
            admissions.cluster.add(
                    new NodeFacts("edge-1", false, Optional.of(NodeProfile.of(ARM64)), Map.of(), List.of())
                            .withProblems(List.of(
                                    "has the label stowage.dev/runtime=\"podman\", which names no container runtime")));
            return warnings(Reviews.pod("app=registry.example/shop:1.5") + "  nodeName: edge-1\n");
        });
        scenarios.put("config contradicts the index", () -> {
            admissions.policy = policy(Placement.ALL, Action.WARN, Action.WARN, Verification.MANIFESTS);
            return warnings(Reviews.pod("app=registry.example/shop:lies"));
        });
        scenarios.put("depends on the node", () -> {
            admissions.cluster.node(
                    "edge-1", new NodeProfile(Platform.of("linux", "amd64"), RuntimeFamily.CONTAINERD_2_1_ANY_MODE));
            admissions.images.index("small", admissions.images.image(Platform.of("linux", "386")));
            return warnings(Reviews.pod("app=registry.example/shop:small") + "  nodeName: edge-1\n");
        });
        scenarios.put(
                "image volume",
                () -> denial(Reviews.pod("app=registry.example/shop:1.5")
                        + "  volumes: [{name: models, image: {reference: 'registry.example/shop:1.4'}}]\n"));
        scenarios.put("irreconcilable", () -> {
            admissions.policy = policy(Placement.ANY, Action.WARN, Action.WARN, Verification.INDEX);
            return denial(Reviews.pod("app=registry.example/shop:1.4", "log=registry.example/shop:arm64"));
        });
        scenarios.put("not found, denied", () -> {
            admissions.policy = policy(Placement.ALL, Action.WARN, Action.DENY, Verification.INDEX);
            return denial(Reviews.deployment("app=registry.example/shop:1.6"));
        });
        scenarios.put("not checked, denied", () -> {
            admissions.policy = policy(Placement.ALL, Action.DENY, Action.WARN, Verification.INDEX);
            return denial(Reviews.deployment("app=registry.example/shop:down"));
        });
    }

    private void warnings() {
        scenarios.put("mode warn", () -> {
            admissions.cluster.mode("shop", "warn");
            return warnings(Reviews.pod("app=registry.example/shop:1.4", "chart=registry.example/shop:chart"));
        });
        scenarios.put("not found", () -> warnings(Reviews.deployment("app=registry.example/shop:1.6")));
        scenarios.put("not checked", () -> warnings(Reviews.deployment("app=registry.example/shop:down")));
        scenarios.put("no credentials", () -> warnings(Reviews.pod("app=registry.example/shop:private")));
        scenarios.put(
                "no node",
                () -> warnings(
                        Reviews.deployment("app=registry.example/shop:1.4") + "      nodeSelector: {disk: ssd}\n"));
        scenarios.put("refused pods", () -> {
            admissions.cluster.templateDefaults(
                    new RefusedPods(
                            "RuntimeClass \"edge\" selects nodes with kubernetes.io/arch=arm64, but the pods select kubernetes.io/arch=amd64"));
            return warnings(Reviews.deployment("app=registry.example/shop:1.5"));
        });
        scenarios.put("wrong mode", () -> {
            admissions.cluster.mode("shop", "enfroce");
            return warnings(Reviews.deployment("app=registry.example/shop:1.5"));
        });
        scenarios.put("wrong platforms", () -> {
            admissions.cluster.platforms("shop", "amd64");
            return warnings(Reviews.deployment("app=registry.example/shop:1.5"));
        });
        scenarios.put("nodes that may be added", () -> {
            IntStream.rangeClosed(1, 5).forEach(i -> admissions.cluster.without("arm-" + i));
            admissions.cluster.add(new NodeFacts(
                    "default",
                    true,
                    Optional.of(NodeProfile.of(ARM64)),
                    Map.of(),
                    List.of(),
                    Set.of(),
                    Optional.of(new Provisioner(Map.of(), true)),
                    List.of()));
            return warnings(Reviews.deployment("app=registry.example/shop:1.4"));
        });
        scenarios.put("may not run everywhere", () -> {
            admissions.cluster.node("win-1", "windows/amd64");
            admissions.images.index("windows", admissions.images.image(Platform.of("windows", "amd64")));
            return warnings(
                    Reviews.pod("app=registry.example/shop:windows") + "  nodeSelector: {kubernetes.io/os: windows}\n");
        });
        scenarios.put("pod templates", () -> {
            admissions.customKinds = List.of(new CustomKind("leaderworkerset.x-k8s.io", "*", "LeaderWorkerSet", ""));
            return denial(
                    "{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, metadata: {name: serve}, spec:"
                            + " {leaderWorkerTemplate: {leaderTemplate: {spec: {containers: [{name: app, image: 'registry.example/shop:1.5'}]}},"
                            + " workerTemplate: {spec: {containers: [{name: app, image: 'registry.example/shop:1.4'}]}}}}}");
        });
        scenarios.put("data image", () -> {
            admissions.images.image("bundle", ARM64);
            return warnings(
                    "{apiVersion: v1, kind: Pod, metadata: {name: unpack}, spec: {nodeSelector: {kubernetes.io/arch: amd64},"
                            + " volumes: [{name: util, emptyDir: {}}], containers: [{name: pull, image: 'registry.example/shop:bundle',"
                            + " command: [/util/copy], volumeMounts: [{name: util, mountPath: /util}]}]}}");
        });
        scenarios.put(
                "unreadable",
                () -> warnings(
                        "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web}, spec: {template: {spec: {containers: all}}}}"));
        scenarios.put(
                "too large",
                () -> warnings(Reviews.pod(IntStream.rangeClosed(1, 40)
                        .mapToObj(i -> "c" + i + "=registry-" + i + ".example/shop:1")
                        .toArray(String[]::new))));
        scenarios.put("many warnings", () -> warnings(Reviews.pod(IntStream.rangeClosed(1, 12)
                        .mapToObj(i -> "c" + i + "=registry.example/shop:none-" + i)
                        .toArray(String[]::new)))
                .lines()
                .skip(9)
                .collect(Collectors.joining("\n")));
    }

    private String denial(String yaml) {
        return answer(yaml).message();
    }

    private String warnings(String yaml) {
        return answer(yaml).warnings().stream()
                .map(warning -> "Warning: " + warning)
                .collect(Collectors.joining("\n"));
    }

    private Admissions.Answer answer(String yaml) {
        AdmissionResponse answer = admissions
                .handler(new Failing(admissions.registry))
                .handle(Reviews.create(yaml).bytes())
                .join();
        return new Admissions.Answer(Admissions.json(answer));
    }

    private void fail(String tag, RegistryFailure.Kind kind, String reason) {
        failures.put(tag, RegistryFailure.of(kind, "registry.example", "shop:" + tag, reason));
    }

    private static PolicyConfig policy(
            Placement placement, Action onUnresolved, Action onNotFound, Verification verification) {
        return new PolicyConfig(
                Mode.ENFORCE,
                placement,
                Placement.ANY,
                onUnresolved,
                onNotFound,
                Action.WARN,
                verification,
                PolicyConfig.DEFAULT.admissionDeadline(),
                Exemptions.NONE);
    }

    /** The registry with failures in the words of a registry client. */
    private final class Failing implements Registry {

        private final Registry inner;

        Failing(Registry inner) {
            this.inner = inner;
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> manifest(
                Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
            return failures.containsKey(target)
                    ? CompletableFuture.completedFuture(new RegistryResult.Failure<>(failures.get(target)))
                    : inner.manifest(repository, target, credentials, deadline);
        }

        @Override
        public CompletableFuture<RegistryResult<Digest>> digest(
                Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
            return inner.digest(repository, tag, credentials, deadline);
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> manifest(
                Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
            return inner.manifest(repository, entry, credentials, deadline);
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> blob(
                Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
            return inner.blob(repository, blob, credentials, deadline);
        }
    }
}
