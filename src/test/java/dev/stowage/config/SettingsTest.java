package dev.stowage.config;

import static dev.stowage.registry.credentials.plugin.PluginFolder.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.config.Settings.Place;
import dev.stowage.kube.ObjectName;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Mode;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.credentials.cloud.CloudSettings;
import dev.stowage.registry.credentials.plugin.PluginFolder;
import dev.stowage.registry.credentials.plugin.PluginSpec;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.text.Glob;
import dev.stowage.workload.CustomKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void theDefaultsOfTheFileAreTheDefaultsOfTheFeatures() {
        assertThat(settings("")).isEqualTo(Settings.local(RegistrySettings.DEFAULT));
    }

    @Test
    void inAClusterLoopbackIsNobodysRegistry() {
        StowageConfig config = new ConfigLoader(Map.of()).parse("test", "");

        assertThat(Settings.of(config, "test", Place.CLUSTER, Map.of())
                        .registries()
                        .addresses())
                .isEqualTo(AddressPolicy.CLUSTER);
    }

    @Test
    void theIdentityAtACloudIsUsedInAClusterAndOtherwiseWhereItIsConfigured() {
        StowageConfig config = new ConfigLoader(Map.of()).parse("test", "stowage: {cloudCredentials: {google: off}}");
        Map<String, String> pod = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");

        assertThat(Settings.of(config, "test", Place.CLUSTER, pod).cloudCredentials())
                .isEqualTo(new CloudSettings(true, false, true));
        assertThat(Settings.of(config, "test", Place.CLUSTER, Map.of()).cloudCredentials())
                .isEqualTo(CloudSettings.OFF);
        assertThat(Settings.of(config, "test", Place.LOCAL, pod).cloudCredentials())
                .isEqualTo(CloudSettings.OFF);
        assertThat(settings("stowage: {cloudCredentials: {aws: auto}}").cloudCredentials())
                .isEqualTo(new CloudSettings(true, false, false));
    }

    @Test
    void everyPartIsRead() {
        Settings settings = settings("""
                stowage:
                  mode: off
                  placement: Any
                  registries:
                    "10.200.0.1:5000": {insecure: true, timeout: 3s}
                  nodePools:
                    - {name: arm, platform: linux/aarch64, runtime: cri-o, resources: [nvidia.com/gpu]}
                  transientTaints: ["example.com/*"]
                  karpenter: off
                  customKinds:
                    - {group: argoproj.io, kind: Rollout}
                    - {group: jobset.x-k8s.io, kind: JobSet, podSpecPath: 'spec.replicatedJobs[*].template.spec.template.spec'}
                  placeholderImages: [auto, placeholder/*]
                """);

        assertThat(settings.policy().mode()).isEqualTo(Mode.OFF);
        assertThat(settings.registries().rules())
                .containsExactly(
                        RegistryRule.of("10.200.0.1:5000").withInsecure(true).withTimeout(Duration.ofSeconds(3)));
        assertThat(settings.nodePools()).singleElement().satisfies(pool -> {
            assertThat(pool.profile()).contains(new NodeProfile(Platform.of("linux", "arm64"), RuntimeFamily.CRIO));
            assertThat(pool.resources()).containsExactly("nvidia.com/gpu");
        });
        assertThat(settings.transientTaints()).containsExactly(new Glob("example.com/*"));
        assertThat(settings.readKarpenter()).isFalse();
        assertThat(settings("").readKarpenter()).isTrue();
        assertThat(settings.workloads().customKinds())
                .containsExactly(
                        new CustomKind("argoproj.io", "*", "Rollout", ""),
                        new CustomKind(
                                "jobset.x-k8s.io",
                                "*",
                                "JobSet",
                                "spec.replicatedJobs[*].template.spec.template.spec"));
        assertThat(settings.workloads().placeholderImages())
                .containsExactly(new Glob("auto"), new Glob("placeholder/*"));
    }

    @Test
    void mirrorsMayHaveSomeRepositoriesOnly() {
        Settings settings = settings("""
                stowage:
                  registries:
                    docker.io:
                      mirrors:
                        - library/ -> https://harbor.example/golden
                        - http://10.0.0.1:5000
                """);

        assertThat(settings.registries().rules()).singleElement().satisfies(rule -> assertThat(rule.mirrors())
                .containsExactly(
                        Mirror.parse("https://harbor.example").rewriting("library/", "golden/"),
                        Mirror.parse("http://10.0.0.1:5000")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {mode: strict}                                       | stowage.mode: "strict"            | allowed: enforce, warn, audit, off
            {placement: off}                                     | stowage.placement: "false"        | allowed: all, any
            {placement: Some}                                    | stowage.placement: "Some"         | allowed: all, any
            {onUnresolved: maybe}                                | stowage.onUnresolved: "maybe"     | allowed: allow, warn, deny
            {verify: everything}                                 | stowage.verify: "everything"      | allowed: index, manifests
            {admissionDeadline: 60s}                             | stowage.admissionDeadline: "60s"  | timeoutSeconds
            {admissionDeadline: 0s}                              | stowage.admissionDeadline: "0s"   | longer than 0s
            {admissionDeadline: ''}                              | stowage.admissionDeadline         | needs a value
            {defaultRegistry: 'http://x'}                        | stowage.defaultRegistry: "http://x" | host
            {nodePools: [{name: a, platform: arm64}]}            | nodePools[0].platform: "arm64"    | os/arch
            {nodePools: [{name: a, platform: a/b, runtime: rkt}]}| nodePools[0].runtime: "rkt"       | containerd
            {nodePools: [{name: a, platform: a/b, resources: [gpu]}]} | nodePools[0].resources[0]: "gpu" | nvidia.com/gpu
            {transientTaints: [' ']}                             | stowage.transientTaints[0]: " "   | glob
            {cloudCredentials: {aws: always}}                    | stowage.cloudCredentials.aws: "always" | auto, off
            {karpenter: sometimes}                               | stowage.karpenter: "sometimes"    | auto, off
            {reports: {export: csv}}                             | stowage.reports.export: "csv"     | none, openreports, policyreport
            {nodePools: [{platform: linux/arm64}]}               | nodePools[0].name                 | needs a value
            {nodePools: [{name: a, platform: a/b, taints: [{key: k, effect: None}]}]} | nodePools[0].taints[0].effect: "None" | NoSchedule, PreferNoSchedule, NoExecute
            {customKinds: [{group: a, kind: K, podSpecPath: 'spec[0]'}]} | customKinds[0].podSpecPath: "spec[0]" | joined by dots
            {exemptions: {users: [' ']}}                         | stowage.exemptions.users[0]: " "  | glob
            {registries: {'https://a.example/': {blocked: true}}}| stowage.registries: "https://a.example/" | host:port
            {registries: {a.example: {mirrors: ['a b']}}}        | registries."a.example".mirrors[0]: "a b" | host
            {registries: {a.example: {mirrors: ['A/ -> b.example']}}}| registries."a.example".mirrors[0] | folder
            {registries: {a.example: {mirrors: ['a/ ->']}}}      | registries."a.example".mirrors[0] | host
            {registries: {a.example: {ca: /no/such/file}}}       | registries."a.example".ca: "/no/such/file" | PEM
            {registries: {a.example: {timeout: 0s}}}             | registries."a.example".timeout: "0s" | longer than 0s
            {registries: {a.example: {blocked: yep}}}            | registries."a.example".blocked: "yep" | allowed: true, false
            {registries: {a.example: {maxConcurrentRequests: 0}}}| registries."a.example".maxConcurrentRequests: "0" | positive
            {registries: {a.example: {maxRequestsPerSecond: -1}}}| registries."a.example".maxRequestsPerSecond: "-1" | positive
            {addresses: {deniedCidrs: [10.0.0.0/99]}}            | stowage.addresses.deniedCidrs[0]: "10.0.0.0/99" | 10.0.0.0/8
            {pullSecrets: {global: name}}                        | stowage.pullSecrets.global: "name"| namespace/name
            {server: {port: 70000}}                              | stowage.server.port: "70000"      | 0 to 65535
            {tls: {mode: vault}}                                 | stowage.tls.mode: "vault"         | allowed: managed, files, self
            {tls: {mode: files, keyFile: /k}}                    | stowage.tls                       | certificateFile and keyFile
            {tls: {certificateFile: /c}}                         | stowage.tls                       | certificateFile and keyFile
            {tls: {secret: Not/A/Name}}                          | stowage.tls.secret: "Not/A/Name"  | namespace/name
            {reports: {retention: -1s}}                          | stowage.reports.retention: "-1s"  | duration
            {reports: {lease: Not_A_Name}}                       | stowage.reports.lease: "Not_A_Name" | lower case letters
            {trustedCa: /no/such/file}                           | stowage.trustedCa: "/no/such/file" | PEM
            {reports: {refreshInterval: 0s}}                     | stowage.reports.refreshInterval: "0s" | longer than 0s
            {cache: {tagTtl: 9000h}}                             | stowage.cache.tagTtl: "9000h"     | 366 days
            {cache: {maxSize: lots}}                             | stowage.cache.maxSize: "lots"     | 64M
            """)
    void fault33AWrongValueIsRefusedWithKeyValueAndWhatIsAllowed(String yaml, String key, String allowed) {
        assertThatThrownBy(() -> settings("stowage: " + yaml))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(allowed);
    }

    @Test
    void certificatesAreSharedInAClusterAndOwnElsewhere() {
        StowageConfig none = new ConfigLoader(Map.of()).parse("test", "");
        assertThat(settings("").tls().mode()).isEqualTo(TlsSettings.Mode.SELF);
        TlsSettings inCluster = Settings.of(none, "test", Place.CLUSTER, Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"))
                .tls();
        assertThat(inCluster.mode()).isEqualTo(TlsSettings.Mode.MANAGED);
        assertThat(inCluster.secretIn("own")).isEqualTo(ObjectName.parse("own/stowage-tls"));
        assertThat(inCluster.namesIn("own")).containsExactly("stowage.own.svc", "stowage.own.svc.cluster.local");
        assertThat(settings("stowage: {tls: {secret: other/pair}}").tls().secretIn("own"))
                .isEqualTo(ObjectName.parse("other/pair"));
        assertThat(settings("stowage: {tls: {certificateFile: /c, keyFile: /k}}")
                        .tls()
                        .mode())
                .isEqualTo(TlsSettings.Mode.FILES);
    }

    @Test
    void fault33OneStartTellsEverythingThatIsWrong() {
        assertThatThrownBy(() -> settings("""
                stowage:
                  mode: a
                  modus: b
                  admissionDeadline: soon
                  addresses: {deniedCidrs: [c, 10.0.0.0/8, d]}
                  tls: {keyFile: /k}
                other: e
                """))
                .hasMessageContaining("stowage.mode: \"a\"")
                .hasMessageContaining("stowage.modus: unknown")
                .hasMessageContaining("stowage.admissionDeadline: \"soon\"")
                .hasMessageContaining("stowage.addresses.deniedCidrs[0]: \"c\"")
                .hasMessageContaining("stowage.addresses.deniedCidrs[2]: \"d\"")
                .hasMessageContaining("stowage.tls: mode \"files\"")
                .hasMessageContaining("other: unknown")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(8));
    }

    @Test
    void aWrongVariableOfTheEnvironmentIsNamedByItsKey() {
        assertThatThrownBy(() -> new ConfigLoader(Map.of("STOWAGE_CACHE_TAGTTL", "soon")).parse("test", ""))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("stowage.cache.tagTtl: \"soon\" is not a valid duration; allowed: ");
    }

    @Test
    void credentialProvidersAreReadInAClusterWhereTheirPathsAre(@TempDir Path folder) {
        List<PluginSpec> specs = new PluginFolder(folder).install("p", "").specs(provider("p", "registry.io", "1h"));
        String yaml = "stowage: {credentialProviders: {config: " + folder.resolve("config.json") + ", binDir: " + folder
                + "}}";

        assertThat(inCluster(yaml).credentialPlugins())
                .extracting(PluginSpec::name)
                .containsExactlyElementsOf(specs.stream().map(PluginSpec::name).toList());
        assertThat(settings(yaml).credentialPlugins()).isEmpty();
        assertThat(inCluster("").credentialPlugins()).isEmpty();
    }

    @Test
    void credentialProvidersThatCannotBeUsedEndTheStart(@TempDir Path folder) {
        for (String half : List.of("config: /c", "binDir: /b")) {
            assertThatThrownBy(() -> inCluster("stowage: {credentialProviders: {" + half + "}}"))
                    .isInstanceOf(InvalidConfigException.class)
                    .hasMessageContaining("credentialProviders needs both, config and binDir");
        }
        assertThatThrownBy(() -> inCluster("stowage: {credentialProviders: {config: " + folder.resolve("none")
                        + ", binDir: " + folder + "}}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("credentialProviders: " + folder.resolve("none") + " does not exist");
    }

    private static Settings inCluster(String yaml) {
        return Settings.of(new ConfigLoader(Map.of()).parse("test", yaml), "test", Place.CLUSTER, Map.of());
    }

    private static Settings settings(String yaml) {
        return Settings.of(new ConfigLoader(Map.of()).parse("test", yaml), "test", Place.LOCAL, Map.of());
    }
}
