package dev.stowage.cluster.secrets;

import static dev.stowage.cluster.watch.Pods.deployment;
import static dev.stowage.cluster.watch.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.kube.ObjectName;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pull secrets of a real API server. */
@RequiresApiServer
class PullSecretsIT {

    private static final Repository APP = new Repository("example.com", "team/app");
    private static final String USER = "stowage-under-test";
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private static ApiServer server;
    private static KubernetesClient client;

    private final AtomicLong nanos = new AtomicLong();
    private String namespace;
    private PullSecrets secrets;

    @BeforeEach
    void aNamespaceOfItsOwn() {
        server = ApiServer.shared();
        client = server.client();
        namespace = newNamespace();
        secrets = source(client, PullSecrets.Settings.DEFAULT);
    }

    @AfterEach
    void close() {
        secrets.close();
    }

    @Test
    void secretsOfBothTypesServeInTheOrderOfTheKeyring() {
        create("modern", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("u1") + "}");
        create("legacy", "kubernetes.io/dockercfg", ".dockercfg", login("u2"));
        create("other", "Opaque", ".dockerconfigjson", "{\"auths\":" + login("u3") + "}");
        assertThat(users(pod(namespace, "default", "legacy", "other", "modern")))
                .containsExactly("u2", "u1");
    }

    @Test
    @DisplayName("the ServiceAccount's secrets serve a pod, or a template, that names none")
    void theServiceAccountsSecretsServe() {
        create("of-account", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("sa") + "}");
        create("of-pod", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("pod") + "}");
        account("builder", "of-account");
        assertThat(users(pod(namespace, "builder"))).containsExactly("sa");
        assertThat(users(deployment(namespace, "builder"))).containsExactly("sa");
        assertThat(users(deployment(namespace, "builder", "of-pod"))).containsExactly("pod");
    }

    @Test
    @DisplayName("a secret that does not exist is passed over")
    void missingSecretsArePassedOver() {
        create("there", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("u") + "}");
        Keyring keyring = keyring(secrets, pod(namespace, "default", "gone", "there"));
        assertThat(users(keyring)).containsExactly("u");
        assertThat(keyring.notes())
                .containsExactly("pull secret \"gone\" does not exist in namespace \"" + namespace + "\"");
        assertThat(keyring(secrets, pod("no-such-namespace", "default", "x")).complete())
                .isTrue();
    }

    @Test
    @DisplayName("a secret that is changed, then deleted")
    void changesAndDeletionAreSeen() {
        Secret secret =
                create("s", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("old") + "}");
        Workload pod = pod(namespace, "default", "s");
        assertThat(users(pod)).containsExactly("old");
        client.secrets().resource(secret).edit(found -> new SecretBuilder(found)
                .addToData(".dockerconfigjson", base64("{\"auths\":" + login("new") + "}"))
                .build());
        assertThat(users(pod)).as("still believed").containsExactly("old");
        pass(Duration.ofSeconds(10));
        secrets.forget(namespace);
        assertThat(users(pod)).as("forgotten").containsExactly("new");
        client.secrets().resource(secret).delete();
        pass(Duration.ofSeconds(61));
        assertThat(users(pod)).as("deleted").isEmpty();
    }

    @Test
    @DisplayName("what the API server takes though the kubelet cannot read it")
    void aMalformedSecretFailsThePullAndIsNamed() {
        String entry = "{\"auths\":{\"example.com\":{\"auth\":\"" + base64("hunter2") + "\"}}}";
        create("broken", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", entry);
        String reason = access(keyring(secrets, pod(namespace, "default", "broken")))
                .fold(found -> "found", failure -> failure.reason());
        assertThat(reason)
                .isEqualTo(
                        "pull secret \"broken\" is malformed, so the kubelet cannot pull: entry \"example.com\" has an"
                                + " auth that is not base64 of user:password");
    }

    @Test
    @DisplayName("the largest secret that the API server takes")
    void aHugeSecretIsRead() {
        String filler = "{\"auths\":{\"example.com\":{\"username\":\"u\",\"password\":\"%s\"}}}";
        int size = (1 << 20) - filler.length() + 2;
        create("huge", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", filler.formatted("x".repeat(size)));
        assertThat(users(pod(namespace, "default", "huge"))).containsExactly("u");
    }

    @Test
    @DisplayName("a name cannot lead into another namespace, and its credentials are nobody else's")
    void namespacesAreApart() {
        create("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("a") + "}");
        String other = newNamespace();
        for (String name : List.of("regcred", "../../" + namespace + "/secrets/regcred", namespace + "/regcred")) {
            assertThat(access(keyring(secrets, pod(other, "default", name))))
                    .as(name)
                    .isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        }
    }

    @Test
    void rightsThatAreMissingAreNamedAndTheRestWorks() {
        String allowed = namespace;
        String denied = newNamespace();
        create("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("u") + "}");
        mayReadSecrets(allowed);
        try (KubernetesClient restricted = restricted();
                PullSecrets source = source(restricted, PullSecrets.Settings.DEFAULT)) {
            assertThat(users(keyring(source, pod(allowed, "default", "regcred"))))
                    .containsExactly("u");
            Keyring elsewhere = keyring(source, pod(denied, "default", "regcred"));
            assertThat(access(elsewhere)).isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
            assertThat(elsewhere.complete()).isFalse();
            assertThat(elsewhere.notes())
                    .containsExactly("Stowage may not read pull secret \"regcred\" in namespace \"" + denied
                            + "\": its role lacks \"get\" on \"secrets\" there");
            assertThat(keyring(source, pod(allowed, "default")).notes())
                    .containsExactly("Stowage may not read ServiceAccount \"default\" in namespace \"" + allowed
                            + "\": its role lacks \"get\" on \"serviceaccounts\" there");
        }
    }

    @Test
    void theGlobalSecretServesANamespaceWithoutAny() {
        create("global", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + login("node") + "}");
        PullSecrets.Settings settings =
                new PullSecrets.Settings(true, Optional.of(new ObjectName(namespace, "global")), Duration.ofMinutes(1));
        try (PullSecrets source = source(client, settings)) {
            assertThat(users(keyring(source, pod(newNamespace(), "default")))).containsExactly("node");
        }
    }

    @Test
    @DisplayName("Stowage's own credentials at the API server are never among those for a registry")
    void ownCredentialsStayWithTheApiServer() {
        Config config = Config.fromKubeconfig(server.kubeconfig());
        config.setOauthToken("hunter2");
        try (KubernetesClient withToken =
                        new KubernetesClientBuilder().withConfig(config).build();
                PullSecrets source = source(withToken, PullSecrets.Settings.DEFAULT)) {
            assertThat(access(keyring(source, pod(namespace, "default"))))
                    .isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        }
    }

    private PullSecrets source(KubernetesClient from, PullSecrets.Settings settings) {
        return new PullSecrets(
                PullSecretApi.of(from), settings, CredentialProvider.NONE, CredentialProvider.NONE, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> users(Workload workload) {
        return users(keyring(secrets, workload));
    }

    private static List<String> users(Keyring keyring) {
        return access(keyring)
                .fold(ReadCredentials::credentials, failure -> {
                    throw new AssertionError(failure.reason());
                })
                .stream()
                .map(Credential::username)
                .toList();
    }

    private static Keyring keyring(PullSecrets source, Workload workload) {
        return source.keyringOf(workload, soon()).join();
    }

    private static RegistryResult<ReadCredentials> access(Keyring keyring) {
        return keyring.credentialsFor(APP, soon()).join();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }

    private static String newNamespace() {
        String name = "pull-secrets-" + NAMESPACES.incrementAndGet();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    private Secret create(String name, String type, String key, String content) {
        return client.secrets()
                .resource(new SecretBuilder()
                        .withMetadata(new ObjectMetaBuilder()
                                .withNamespace(namespace)
                                .withName(name)
                                .build())
                        .withType(type)
                        .addToData(key, base64(content))
                        .build())
                .create();
    }

    private void account(String name, String... pullSecrets) {
        client.serviceAccounts()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withImagePullSecrets(Stream.of(pullSecrets)
                                .map(LocalObjectReference::new)
                                .toList())
                        .build())
                .create();
    }

    private static KubernetesClient restricted() {
        Config config = Config.fromKubeconfig(server.kubeconfig());
        config.setImpersonateUsername(USER);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static void mayReadSecrets(String in) {
        client.rbac()
                .roles()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withNamespace(in)
                        .withName("reader")
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups("")
                                .withResources("secrets")
                                .withVerbs("get")
                                .build())
                        .build())
                .create();
        client.rbac()
                .roleBindings()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withNamespace(in)
                        .withName("reader")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "reader")
                        .withSubjects(new SubjectBuilder()
                                .withApiGroup("rbac.authorization.k8s.io")
                                .withKind("User")
                                .withName(USER)
                                .build())
                        .build())
                .create();
    }

    private static String login(String user) {
        return "{\"example.com\":{\"auth\":\"" + base64(user + ":p") + "\"}}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
