package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shared certificates do without each single right, on a real API server. */
@RequiresApiServer
class CertificatePermissionsIT {

    private CertificateStage stage;

    @BeforeEach
    void open() {
        stage = new CertificateStage();
        stage.createWebhook();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("the rights of the chart suffice")
    void allRights() {
        SharedCertificate source = started("none");
        await("ready", source::isReady);
        stage.overwriteBundle(null);
        await("repaired", stage::isPublished);
        stage.secretResource().delete();
        await("healed", stage::isPublished);
        await("an event", () -> !stage.events("default", "CaBundleRepaired").isEmpty());
        await("nothing to complain of", () -> source.problem().isEmpty());
    }

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({"get, secrets", "create, secrets", "update, secrets"})
    @DisplayName("without a permission on the Secret it is named, and a stand-in lets everything else start")
    void noRightOnTheSecret(String verb, String resource) {
        if (verb.equals("update")) {
            stage.client
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace(stage.name)
                            .withName(stage.secretName.name())
                            .endMetadata()
                            .addToStringData("ca.crt", "rubbish")
                            .build())
                    .create();
        }
        SharedCertificate source = started(verb + " " + resource);
        await("said", () -> says(source, "lacks the permission \"" + verb + "\" on \"secrets\" in that namespace"));
        assertThat(source.problem().orElseThrow())
                .contains("is not allowed to " + verb + " Secret \"stowage-tls\" in namespace \"" + stage.name + "\"");
        assertThat(source.current().names()).contains("127.0.0.1");
        assertThat(source.isReady()).isFalse();
        grant("none");
        await("ready", source::isReady);
        await("nothing to complain of", () -> source.problem().isEmpty());
    }

    @Test
    @DisplayName("without update, a certificate that is still valid is served though it is due")
    void noUpdateWhenDue() throws ApiException {
        CertificateSettings settings = stage.settings(CertificateStage.OFTEN);
        Clock past = Clock.offset(
                Clock.systemUTC(), settings.certificateLife().multipliedBy(-3).dividedBy(4));
        CertificateSecret due = new CertificatePlanner(settings, past)
                .next(CertificateSecret.NONE, Optional.empty(), Optional.empty(), authority -> false)
                .content();
        new CertificateApi(stage.client, stage.secretName, stage.name).create("kubernetes.io/tls", due.data());
        SharedCertificate source = started("update secrets");
        await("ready", source::isReady);
        assertThat(source.current().certificate())
                .isEqualTo(due.serving().orElseThrow().certificate());
        assertThat(says(source, "lacks the permission \"update\" on \"secrets\""))
                .isTrue();
        assertThat(stage.trusted()).isEqualTo(due.bundle());
    }

    @ParameterizedTest(name = "{0} on validatingwebhookconfigurations")
    @CsvSource({"get", "patch"})
    @DisplayName("without a permission on the webhook's configuration it is named, and the Secret is kept")
    void noRightOnTheWebhook(String verb) {
        SharedCertificate source = started(verb + " validatingwebhookconfigurations");
        await("ready", source::isReady);
        assertThat(source.problem().orElseThrow())
                .contains("is not allowed to " + verb + " ValidatingWebhookConfiguration \"" + stage.name + "\"")
                .contains("lacks the permission \"" + verb + "\" on \"validatingwebhookconfigurations\""
                        + " (admissionregistration.k8s.io)");
        assertThat(stage.stored().isWhole()).isTrue();
        assertThat(stage.trusted().certificates()).isEmpty();
        grant("none");
        await("published", stage::isPublished);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "list, secrets",
        "watch, secrets",
        "list, validatingwebhookconfigurations",
        "watch, validatingwebhookconfigurations"
    })
    @DisplayName("without watching it looks every few seconds, and says which permission it lacks")
    void noWatch(String verb, String resource) {
        SharedCertificate source = started(verb + " " + resource);
        await("ready", source::isReady);
        await("said", () -> says(source, "lacks the permission \"" + verb + "\" on \"" + resource + "\""));
        stage.overwriteBundle(null);
        stage.secretResource().delete();
        await("both put right", stage::isPublished);
    }

    @Test
    @DisplayName("without events the caBundle is repaired all the same")
    void noEvents() {
        SharedCertificate source = started("create events");
        await("ready", source::isReady);
        stage.overwriteBundle(null);
        await("repaired", stage::isPublished);
        await(
                "said",
                () -> says(
                        source,
                        "is not allowed to create Events in namespace \"default\": the ServiceAccount lacks the permission"));
    }

    private static boolean says(SharedCertificate source, String clause) {
        return source.problem().filter(said -> said.contains(clause)).isPresent();
    }

    /** A replica that has all rights of the chart but this one. */
    private SharedCertificate started(String without) {
        grant(without);
        Config config = Config.fromKubeconfig(stage.server.kubeconfig());
        config.setImpersonateUsername(stage.name);
        KubernetesClient restricted =
                stage.closing(new KubernetesClientBuilder().withConfig(config).build());
        return stage.start(restricted, stage.settings(CertificateStage.OFTEN), Clock.systemUTC());
    }

    /** Gives the user all rights but this one, instead of what he had. */
    private void grant(String without) {
        ClusterRole role = new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(stage.name)
                .endMetadata()
                .withRules(rules(without))
                .build();
        stage.client.resource(role).serverSideApply();
        ClusterRoleBinding binding = new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(stage.name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", stage.name)
                .addNewSubject("rbac.authorization.k8s.io", "User", stage.name, null)
                .build();
        stage.client.resource(binding).serverSideApply();
    }

    private List<PolicyRule> rules(String without) {
        List<PolicyRule> rules = new ArrayList<>();
        for (String verb : List.of("get", "list", "watch", "update")) {
            rules.add(rule("", "secrets", verb, List.of(stage.secretName.name())));
        }
        rules.add(rule("", "secrets", "create", List.of()));
        for (String verb : List.of("get", "list", "watch", "patch")) {
            rules.add(
                    rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", verb, List.of(stage.name)));
        }
        rules.add(rule("", "events", "create", List.of()));
        rules.removeIf(rule -> without.equals(
                rule.getVerbs().get(0) + " " + rule.getResources().get(0)));
        return rules;
    }

    private static PolicyRule rule(String group, String resource, String verb, List<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resource)
                .withVerbs(verb)
                .withResourceNames(names)
                .build();
    }
}
