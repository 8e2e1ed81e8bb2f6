package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.kube.ObjectName;
import dev.stowage.tls.CaBundle;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.Renewal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A namespace and a webhook configuration of a test's own on the real API server, and the replicas that look after them. */
final class CertificateStage implements AutoCloseable {

    /** So rarely that within a test only watches, and the test itself, make anybody look. */
    static final Duration RARELY = Duration.ofHours(1);

    static final Duration OFTEN = Duration.ofMillis(50);

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final ApiServer server = ApiServer.shared();
    final KubernetesClient client = server.client();
    final String name =
            "certs-" + NUMBERS.incrementAndGet() + "-" + ProcessHandle.current().pid();
    final ObjectName secretName = new ObjectName(name, "stowage-tls");
    final Observed observed = new Observed();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(client));

    CertificateStage() {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Two webhooks that select nothing that any other test makes. */
    void createWebhook() {
        ValidatingWebhookConfigurationBuilder configuration = new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata();
        for (String webhook : List.of("one.stowage.dev", "two.stowage.dev")) {
            configuration.addToWebhooks(new ValidatingWebhookBuilder()
                    .withName(webhook)
                    .withAdmissionReviewVersions("v1")
                    .withSideEffects("None")
                    .withFailurePolicy("Ignore")
                    .withNewClientConfig()
                    .withNewService(name, "stowage", null, 443)
                    .endClientConfig()
                    .withNewNamespaceSelector()
                    .addToMatchLabels("kubernetes.io/metadata.name", name)
                    .endNamespaceSelector()
                    .build());
        }
        client.resource(configuration.build()).create();
    }

    /** Starts a replica, which ends with the test. */
    SharedCertificate start(KubernetesClient as, CertificateSettings settings, Clock clock) {
        SharedCertificate source = SharedCertificate.start(as, settings, clock, observed);
        open.add(0, source);
        return source;
    }

    /** Starts a replica that has all rights and looks rarely, and waits until it is ready. */
    SharedCertificate startReady(Clock clock) {
        SharedCertificate source = start(client, settings(RARELY), clock);
        await("ready", source::isReady);
        return source;
    }

    /** Closes this at the end, before what was opened earlier. */
    <T extends AutoCloseable> T closing(T resource) {
        open.add(0, resource);
        return resource;
    }

    CertificateSettings settings(Duration look) {
        return new CertificateSettings(
                secretName,
                name,
                List.of("stowage." + name + ".svc", "127.0.0.1"),
                Duration.ofDays(30),
                Duration.ofDays(9),
                Duration.ofHours(6),
                look,
                true,
                false);
    }

    Secret secret() {
        return secretResource().get();
    }

    Resource<Secret> secretResource() {
        return client.secrets().inNamespace(secretName.namespace()).withName(secretName.name());
    }

    CertificateSecret stored() {
        Secret secret = secret();
        return secret == null ? CertificateSecret.NONE : CertificateSecret.read(secret.getData());
    }

    /** Puts this into the Secret instead of what it contains. */
    void overwriteSecret(Map<String, String> data) {
        secretResource().edit(old -> new SecretBuilder(old).withData(data).build());
    }

    /** The Secret as the chart makes it: neither type nor data. */
    void createEmptySecret() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(secretName.namespace())
                        .withName(secretName.name())
                        .endMetadata()
                        .build())
                .create();
    }

    ValidatingWebhookConfiguration webhook() {
        return webhookResource().get();
    }

    void editWebhook(UnaryOperator<ValidatingWebhookConfiguration> change) {
        webhookResource().edit(change);
    }

    /** Overwrites the {@code caBundle} of both webhooks; null takes it away. */
    void overwriteBundle(String pem) {
        String value = pem == null ? null : Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
        editWebhook(old -> {
            old.getWebhooks().forEach(webhook -> webhook.getClientConfig().setCaBundle(value));
            return old;
        });
    }

    /** The path that both webhooks name; empty where they name none, or not the same. */
    String path() {
        List<String> paths = webhook().getWebhooks().stream()
                .map(webhook -> webhook.getClientConfig().getService().getPath())
                .distinct()
                .toList();
        return paths.size() == 1 && paths.get(0) != null ? paths.get(0) : "";
    }

    /** Overwrites the path of both webhooks; null takes it away. */
    void overwritePath(String path) {
        editWebhook(old -> {
            old.getWebhooks()
                    .forEach(webhook -> webhook.getClientConfig().getService().setPath(path));
            return old;
        });
    }

    /** The authorities that both webhooks trust. */
    CaBundle trusted() {
        return new WebhookCaBundle(WebhookConfiguration.of(webhook())).common();
    }

    /** Whether both webhooks trust exactly what the Secret says. */
    boolean isPublished() {
        CertificateSecret stored = stored();
        return stored.isWhole() && new WebhookCaBundle(WebhookConfiguration.of(webhook())).isExactly(stored.bundle());
    }

    List<Event> events(String namespace, String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .filter(event -> name.equals(event.getInvolvedObject().getName())
                        || name.equals(event.getInvolvedObject().getNamespace()))
                .toList();
    }

    static CaBundle bundle(String pem) {
        try {
            return CaBundle.parse(pem);
        } catch (InvalidPemException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        webhookResource().delete();
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private Resource<ValidatingWebhookConfiguration> webhookResource() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name);
    }

    /** Counts what all replicas did. */
    static final class Observed implements CertificateObserver {

        final AtomicInteger authorities = new AtomicInteger();
        final AtomicInteger certificates = new AtomicInteger();
        final AtomicInteger healed = new AtomicInteger();
        final AtomicInteger published = new AtomicInteger();
        final AtomicInteger repaired = new AtomicInteger();
        final AtomicInteger paths = new AtomicInteger();
        final AtomicInteger repairedPaths = new AtomicInteger();

        @Override
        public void renewed(Renewal what) {
            (what == Renewal.AUTHORITY ? authorities : certificates).incrementAndGet();
        }

        @Override
        public void healed() {
            healed.incrementAndGet();
        }

        @Override
        public void published(boolean wasRepaired) {
            (wasRepaired ? repaired : published).incrementAndGet();
        }

        @Override
        public void pathPublished(boolean wasRepaired) {
            (wasRepaired ? repairedPaths : paths).incrementAndGet();
        }
    }
}
