package dev.stowage.chart;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.kube.ObjectName;
import dev.stowage.report.api.ImageReport;
import dev.stowage.testing.Crds;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import dev.stowage.tls.managed.CertificateObserver;
import dev.stowage.tls.managed.CertificateSettings;
import dev.stowage.tls.managed.SharedCertificate;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Argo CD and Flux apply it, again and again, while Stowage writes its certificate and its path. */
@RequiresApiServer
@RequiresProgram("kubectl")
class GitOpsDriftIT {

    private static final String RELEASE = "stowage-gitops";

    @TempDir
    private Path folder;

    private KubernetesClient client;
    private Path kubeconfig;
    private Path rendered;

    @BeforeEach
    void render() throws Exception {
        client = ApiServer.shared().client();
        kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), ApiServer.shared().kubeconfig());
        Chart chart = Chart.release(RELEASE, "");
        rendered = Files.writeString(
                folder.resolve("rendered.yaml"),
                String.join(
                        "---\n",
                        chart.objects().stream().map(Serialization::asYaml).toList()));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Chart.NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        removeCrd();
    }

    @AfterEach
    void clean() throws Exception {
        kubectl("delete", "--ignore-not-found", "--wait=false");
        removeCrd();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"argocd-controller", "helm-controller"})
    @DisplayName("applied again, the same manifests change no object and conflict with nothing that Stowage wrote")
    void nothingDrifts(String manager) throws Exception {
        apply(manager, "--force-conflicts");
        stowageWrites();
        Map<String, String> before = versions();

        assertThat(dryRun(manager)).isEqualTo(live());
        apply(manager, "--force-conflicts");
        apply(manager);

        assertThat(versions()).isEqualTo(before);
        assertThat(managers()).contains(manager, "stowage-tls");
    }

    @Test
    @RequiresProgram("helm")
    @DisplayName("an upgrade by Helm without a change writes nothing but Helm's own record of it")
    void upgradeWithoutChange() throws Exception {
        helm("install", RELEASE, Chart.FOLDER.toString());
        stowageWrites();
        Map<String, String> before = versions();

        helm("upgrade", RELEASE, Chart.FOLDER.toString());

        assertThat(versions()).isEqualTo(before);
        helm("uninstall", RELEASE);
    }

    private void helm(String... arguments) throws Exception {
        run("helm", "--namespace=" + Chart.NAMESPACE, arguments);
    }

    private void stowageWrites() {
        try (SharedCertificate stowage = SharedCertificate.start(
                client,
                CertificateSettings.of(
                        new ObjectName(Chart.NAMESPACE, RELEASE + "-tls"), RELEASE, List.of("localhost"), true, false),
                Clock.systemUTC(),
                CertificateObserver.NONE)) {
            await(
                    "the certificate and the path",
                    () -> stowage.isReady() && entered().getCaBundle() != null);
        }
        assertThat(entered().getService().getPath()).matches("/validate/[0-9a-f]{64}");
    }

    private WebhookClientConfig entered() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE)
                .get()
                .getWebhooks()
                .get(0)
                .getClientConfig();
    }

    private List<String> managers() {
        return client
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE)
                .get()
                .getMetadata()
                .getManagedFields()
                .stream()
                .map(ManagedFieldsEntry::getManager)
                .toList();
    }

    /** The version of each object of the release. */
    private Map<String, String> versions() throws Exception {
        Map<String, String> versions = new TreeMap<>();
        for (HasMetadata object : objects()) {
            versions.put(
                    object.getKind() + " " + object.getMetadata().getName(),
                    client.resource(object).get().getMetadata().getResourceVersion());
        }
        assertThat(versions).hasSizeGreaterThan(10);
        return versions;
    }

    /** What would be in the cluster, as the diffs of both tools calculate it. */
    private List<Object> dryRun(String manager) throws Exception {
        List<Object> predicted = new ArrayList<>();
        for (HasMetadata object : objects()) {
            predicted.add(comparable(client.resource(object)
                    .dryRun()
                    .fieldManager(manager)
                    .forceConflicts()
                    .serverSideApply()));
        }
        return predicted;
    }

    private List<Object> live() throws Exception {
        List<Object> live = new ArrayList<>();
        for (HasMetadata object : objects()) {
            live.add(comparable(client.resource(object).get()));
        }
        return live;
    }

    private static Object comparable(HasMetadata object) {
        object.getMetadata().setManagedFields(null);
        return Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
    }

    private List<HasMetadata> objects() throws Exception {
        return client.load(Files.newInputStream(rendered)).items();
    }

    private void apply(String manager, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--server-side", "--field-manager=" + manager));
        arguments.addAll(List.of(options));
        kubectl("apply", arguments.toArray(String[]::new));
    }

    private void kubectl(String command, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options));
        run("kubectl", "--filename=" + rendered, arguments.toArray(String[]::new));
    }

    private void run(String program, String option, String... arguments) throws Exception {
        Program.Result result = Program.named(program)
                .run(Stream.concat(Stream.of(arguments), Stream.of("--kubeconfig=" + kubeconfig, option))
                        .toArray(String[]::new));
        assertThat(result.code()).as(result.out()).isZero();
    }

    private void removeCrd() {
        Crds.delete(client, ImageReport.CRD_NAME);
    }
}
