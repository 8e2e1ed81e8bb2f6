package dev.stowage.tls.managed;

import dev.stowage.kube.KubeClients;
import dev.stowage.kube.ObjectName;
import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The calls to the API server that the shared certificates take. Each may block for some seconds, and is made once. */
final class CertificateApi {

    private static final String MANAGER = "stowage-tls";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final KubernetesClient shortTimeout;
    private final ObjectName secret;
    private final String webhook;

    CertificateApi(KubernetesClient client, ObjectName secret, String webhook) {
        this.client = client;
        this.secret = secret;
        this.webhook = webhook;
        // The next check tries again anyway, on what is true then.
        this.shortTimeout = KubeClients.withTimeout(client, TIMEOUT, 0);
    }

    Optional<Secret> secret() throws ApiException {
        return secretCall("get", () -> Optional.ofNullable(secret(shortTimeout).get()));
    }

    /**
     * Creates the Secret; a conflict when there is one.
     *
     * @param type its type
     * @param data its data, in base64
     */
    void create(String type, Map<String, String> data) throws ApiException {
        Secret made = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(secret.namespace())
                .withName(secret.name())
                .withLabels(Map.of("app.kubernetes.io/name", "stowage", "app.kubernetes.io/managed-by", "stowage"))
                .endMetadata()
                .withType(type)
                .withData(data)
                .build();
        secretCall("create", () -> shortTimeout.resource(made).create());
    }

    /** Writes into the Secret as it was read; what others keep there stays. A conflict when it has changed since. */
    void update(Secret read, Map<String, String> data) throws ApiException {
        Secret changed = new SecretBuilder(read).addToData(data).build();
        secretCall("update", () -> shortTimeout.resource(changed).update());
    }

    /** The webhook's configuration; nothing when there is none of this name. */
    Optional<WebhookConfiguration> webhook() throws ApiException {
        return call("get", webhookName(), webhookRight("get"), () -> Optional.ofNullable(
                        webhook(shortTimeout).get())
                .map(WebhookConfiguration::of));
    }

    /** The mutating webhook's configuration, of the same name; nothing when there is none. */
    Optional<WebhookConfiguration> steering() throws ApiException {
        return call("get", steeringName(), steeringRight("get"), () -> Optional.ofNullable(
                        steering(shortTimeout).get())
                .map(WebhookConfiguration::of));
    }

    /** Changes the configuration by these operations of a JSON patch; a conflict when it has changed since it was read. */
    void patch(WebhookConfiguration read, List<Map<String, String>> operations) throws ApiException {
        List<Map<String, String>> all = new ArrayList<>();
        all.add(Map.of(
                "op", "replace",
                "path", "/metadata/resourceVersion",
                "value", read.object().getMetadata().getResourceVersion()));
        all.addAll(operations);
        PatchContext patch = new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(MANAGER)
                .build();
        boolean validating = read.object() instanceof ValidatingWebhookConfiguration;
        call("patch", nameOf(read), validating ? webhookRight("patch") : steeringRight("patch"), () -> shortTimeout
                .resource(read.object())
                .patch(patch, Serialization.asJson(all)));
    }

    void create(Event event) throws ApiException {
        String namespace = event.getMetadata().getNamespace();
        call(
                "create",
                "Events in namespace \"" + namespace + "\"",
                "\"create\" on \"events\" in that namespace",
                () -> shortTimeout.resource(event).create());
    }

    ObjectWatch<Secret> watchSecret(Runnable wake, ThrottledLog problems) {
        return new ObjectWatch<>(secretName(), this::secretRight, secret(client), wake, problems);
    }

    ObjectWatch<ValidatingWebhookConfiguration> watchWebhook(Runnable wake, ThrottledLog problems) {
        return new ObjectWatch<>(webhookName(), this::webhookRight, webhook(client), wake, problems);
    }

    ObjectWatch<MutatingWebhookConfiguration> watchSteering(Runnable wake, ThrottledLog problems) {
        return new ObjectWatch<>(steeringName(), this::steeringRight, steering(client), wake, problems);
    }

    /** The subject of an Event about the Secret. */
    ObjectReference secretReference() {
        ObjectReference reference = new ObjectReference();
        reference.setApiVersion("v1");
        reference.setKind("Secret");
        reference.setNamespace(secret.namespace());
        reference.setName(secret.name());
        return reference;
    }

    String secretName() {
        return "Secret \"" + secret.name() + "\" in namespace \"" + secret.namespace() + "\"";
    }

    String webhookName() {
        return "ValidatingWebhookConfiguration \"" + webhook + "\"";
    }

    String steeringName() {
        return "MutatingWebhookConfiguration \"" + webhook + "\"";
    }

    String nameOf(WebhookConfiguration read) {
        return read.object() instanceof ValidatingWebhookConfiguration ? webhookName() : steeringName();
    }

    private Resource<Secret> secret(KubernetesClient from) {
        return from.secrets().inNamespace(secret.namespace()).withName(secret.name());
    }

    private Resource<ValidatingWebhookConfiguration> webhook(KubernetesClient from) {
        return from.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(webhook);
    }

    private Resource<MutatingWebhookConfiguration> steering(KubernetesClient from) {
        return from.admissionRegistration().v1().mutatingWebhookConfigurations().withName(webhook);
    }

    private String secretRight(String verb) {
        return "\"" + verb + "\" on \"secrets\" in that namespace";
    }

    private String webhookRight(String verb) {
        return "\"" + verb + "\" on \"validatingwebhookconfigurations\" (admissionregistration.k8s.io)";
    }

    private String steeringRight(String verb) {
        return "\"" + verb + "\" on \"mutatingwebhookconfigurations\" (admissionregistration.k8s.io)";
    }

    private <T> T secretCall(String verb, Supplier<T> call) throws ApiException {
        return call(verb, secretName(), secretRight(verb), call);
    }

    private static <T> T call(String verb, String object, String right, Supplier<T> call) throws ApiException {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw ApiException.of(e, verb, object, right);
        }
    }
}
