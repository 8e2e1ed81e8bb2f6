package dev.stowage.cli.scan;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.engine.LocalEngineFactory;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.testing.FakeRegistry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A namespace on a real API server, and a registry over HTTP that counts requests. */
final class ScanWorld implements AutoCloseable {

    final String namespace = "scan-" + UUID.randomUUID().toString().substring(0, 8);
    final FakeRegistry registry = new FakeRegistry();
    final KubernetesClient client;
    private final Path folder;
    private final Path kubeconfig;
    private final List<HasMetadata> made = new ArrayList<>();

    ScanWorld(ApiServer server, Path folder) throws Exception {
        this.client = server.client();
        this.folder = folder;
        this.kubeconfig = Files.writeString(folder.resolve("admin"), server.kubeconfig());
        apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
    }

    /** Pushes an image with these platforms to {@code REPOSITORY:1}; returns its reference. */
    String push(String repository, String... platforms) {
        SampleImages images = new SampleImages(registry.store(repository));
        images.index(
                "1",
                Stream.of(platforms)
                        .map(platform -> images.image(Platform.parse(platform)))
                        .toArray(Descriptor[]::new));
        return registry.host() + "/" + repository + ":1";
    }

    /** Applies an object; {@code NS} stands for the namespace. */
    HasMetadata apply(String yaml) {
        HasMetadata object = client.getKubernetesSerialization().unmarshal("---\n" + yaml.replace("NS", namespace));
        HasMetadata applied = client.resource(object).forceConflicts().serverSideApply();
        made.add(0, applied);
        return applied;
    }

    /** A Deployment, its ReplicaSet, and so many pods of it that request CPU and memory. */
    void deploy(String name, String image, int pods, String cpu, String memory) {
        String spec = "{containers: [{name: app, image: '" + image + "', resources: {requests: {cpu: " + cpu
                + ", memory: " + memory + "}}}]}";
        String template = "selector: {matchLabels: {app: " + name + "}}, template: {metadata: {labels: {app: " + name
                + "}}, spec: " + spec + "}";
        HasMetadata deployment = apply("{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name
                + ", namespace: NS, labels: {app: " + name + "}}, spec: {" + template + "}}");
        HasMetadata set = apply("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: " + name
                + "-1, namespace: NS, labels: {app: " + name + "}, " + owned(deployment) + "}, spec: {" + template
                + "}}");
        for (int i = 0; i < pods; i++) {
            apply("{apiVersion: v1, kind: Pod, metadata: {name: " + name + "-1-" + i + ", namespace: NS, labels: {app: "
                    + name + "}, " + owned(set) + "}, spec: " + spec + "}");
        }
    }

    private static String owned(HasMetadata owner) {
        return "ownerReferences: [{apiVersion: apps/v1, kind: " + owner.getKind() + ", name: "
                + owner.getMetadata().getName() + ", uid: "
                + owner.getMetadata().getUid() + ", controller: true}]";
    }

    /** Runs the command as the administrator. */
    CommandRun.Result scan(String... options) {
        return scan(kubeconfig, options);
    }

    CommandRun.Result scan(Path asUser, String... options) {
        List<String> arguments = new ArrayList<>(List.of("scan", "--kubeconfig", asUser.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.with(new LocalEngineFactory(Map.of(), folder)).run(arguments.toArray(String[]::new));
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** Removes what was applied and is not in the namespace alone. */
    @Override
    public void close() {
        made.stream()
                .filter(object -> !object.getKind().equals("Namespace"))
                .forEach(object -> client.resource(object).withGracePeriod(0).delete());
        client.close();
        registry.close();
    }
}
