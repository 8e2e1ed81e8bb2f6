package dev.stowage.apiserver;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.serve.ReadinessCondition;
import dev.stowage.serve.SelfSignedCertificate;
import dev.stowage.serve.TestWebhook;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The webhook as it is served, in this process, watching the API server and registered there with {@code k8s/webhook.yaml}. */
final class LiveWebhook implements AutoCloseable {

    private final HttpRegistry registry = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    private final KubernetesClient client;
    private final SelfSignedCertificate certificate =
            new SelfSignedCertificate(List.of("127.0.0.1"), Clock.systemUTC());
    private final NamespaceInformer namespaces;
    final NodeInformer nodes;
    final TestWebhook serving;
    final int port;
    private final ValidatingWebhookConfiguration hook;

    /** Who answers, given what is known of the cluster. */
    @FunctionalInterface
    interface Answering {
        AdmissionHandler from(NodeInformer nodes, NamespaceInformer namespaces);
    }

    /** Starts it with nothing configured, waits until it is ready, and registers it. */
    LiveWebhook(KubernetesClient client) throws Exception {
        this(client, Optional.empty(), List.of());
    }

    /** Starts it, waits until it is ready, and registers it for these kinds too. */
    LiveWebhook(KubernetesClient client, Answering answering, RuleWithOperations... more) throws Exception {
        this(client, Optional.of(answering), List.of(more));
    }

    private LiveWebhook(KubernetesClient client, Optional<Answering> answering, List<RuleWithOperations> more)
            throws Exception {
        this.client = client;
        nodes = new NodeInformer(client, List.of(), Clock.systemUTC());
        namespaces = new NamespaceInformer(client, Clock.systemUTC());
        nodes.start();
        namespaces.start();
        serving = new TestWebhook(
                answering.map(given -> given.from(nodes, namespaces)).orElseGet(this::handler),
                certificate,
                List.of(ReadinessCondition.of(nodes), ReadinessCondition.of(namespaces)));
        port = serving.port();
        serving.ready().get(60, TimeUnit.SECONDS);
        hook = hook(more);
        client.resource(hook).serverSideApply();
    }

    /** The authority to trust, as PEM. */
    String caPem() {
        return certificate.caPem().orElseThrow();
    }

    private AdmissionHandler handler() {
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadAssessor(new EngineAssessor(
                        "docker.io", new ImageResolver(registry, new DocumentReader()), new Judge())),
                new ClusterView(nodes, KeyringSource.ANONYMOUS, namespaces, TemplateDefaults.NONE),
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE);
    }

    private ValidatingWebhookConfiguration hook(List<RuleWithOperations> more) throws Exception {
        try (InputStream file = Files.newInputStream(Path.of("k8s", "webhook.yaml"))) {
            ValidatingWebhookConfiguration installed =
                    Serialization.unmarshal(file, ValidatingWebhookConfiguration.class);
            String bundle = Base64.getEncoder().encodeToString(caPem().getBytes(StandardCharsets.US_ASCII));
            return installed
                    .edit()
                    .editFirstWebhook()
                    .addAllToRules(more)
                    .withNewClientConfig()
                    .withUrl("https://127.0.0.1:" + port + "/validate")
                    .withCaBundle(bundle)
                    .endClientConfig()
                    .endWebhook()
                    .editLastWebhook()
                    .withNewClientConfig()
                    .withUrl("https://127.0.0.1:" + port + "/validate")
                    .withCaBundle(bundle)
                    .endClientConfig()
                    .endWebhook()
                    .build();
        }
    }

    @Override
    public void close() throws Exception {
        client.resource(hook).delete();
        serving.close();
        nodes.close();
        namespaces.close();
        registry.close();
    }
}
