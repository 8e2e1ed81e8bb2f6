package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.cluster.ObjectName;
import dev.stowage.config.Settings.Place;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.AddressPolicy;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void theDefaultsOfTheFileAreTheDefaultsOfTheFeatures() {
        Settings settings = settings("");

        assertThat(settings.policy()).isEqualTo(PolicyConfig.DEFAULT);
        assertThat(settings.registries()).isEqualTo(RegistrySettings.DEFAULT);
        assertThat(settings.defaultRegistry()).isEqualTo("docker.io");
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
    void everyPartIsRead() {
        Settings settings = settings("""
                stowage:
                  mode: warn
                  placement: any
                  registries:
                    "10.200.0.1:5000": {insecure: true, timeout: 3s}
                  nodePools:
                    - {name: arm, platform: linux/aarch64, runtime: cri-o}
                  customKinds:
                    - {group: argoproj.io, kind: Rollout}
                """);

        assertThat(settings.policy().mode()).isEqualTo(Mode.WARN);
        assertThat(settings.registries().rules())
                .containsExactly(
                        RegistryRule.of("10.200.0.1:5000").withInsecure(true).withTimeout(Duration.ofSeconds(3)));
        assertThat(settings.nodePools()).singleElement().satisfies(pool -> assertThat(pool.profile())
                .contains(new NodeProfile(Platform.of("linux", "arm64"), RuntimeFamily.CRIO)));
        assertThat(settings.customKinds()).singleElement().satisfies(kind -> assertThat(kind.kind())
                .isEqualTo("Rollout"));
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

    @ParameterizedTest(name = "fault 33: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            {mode: strict}                                       | stowage.mode: "strict"            | enforce, warn, audit, off
            {placement: Some}                                    | stowage.placement: "Some"         | all, any
            {onUnresolved: maybe}                                | stowage.onUnresolved: "maybe"     | allow, warn, deny
            {verify: everything}                                 | stowage.verify: "everything"      | index, manifests
            {admissionDeadline: 60s}                             | stowage.admissionDeadline: "60.0s"| timeoutSeconds
            {admissionDeadline: 0s}                              | stowage.admissionDeadline         | longer than nothing
            {defaultRegistry: 'http://x'}                        | stowage.defaultRegistry           | host
            {nodePools: [{name: a, platform: arm64}]}            | nodePools[0].platform: "arm64"    | os/arch
            {nodePools: [{name: a, platform: a/b, runtime: rkt}]}| nodePools[0].runtime: "rkt"       | containerd
            {registries: {a.example: {mirrors: ['a b']}}}        | registries."a.example".mirrors    | a b
            {registries: {a.example: {mirrors: ['A/ -> b.example']}}}| registries."a.example".mirrors| folder
            {registries: {a.example: {mirrors: ['a/ ->']}}}      | registries."a.example".mirrors    | host
            {registries: {a.example: {ca: /no/such/file}}}       | registries."a.example".ca         | neither PEM nor a file
            {registries: {a.example: {maxInFlight: 0}}}          | registries."a.example"            | positive
            {addresses: {denied: [10.0.0.0/99]}}                 | stowage.addresses.denied          | 10.0.0.0
            {tls: {mode: vault}}                                 | stowage.tls.mode: "vault"         | managed, files, self
            {tls: {mode: files, key: /k}}                        | stowage.tls                       | certificate and key
            {tls: {secret: Not/A/Name}}                          | stowage.tls.secret                | namespace/name
            {reports: {refresh: 0s}}                             | stowage.reports.refresh           | longer than nothing
            {cache: {tagTtl: 9000h}}                             | stowage.cache.tagTtl              | 366 days
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
        assertThat(settings("stowage: {tls: {certificate: /c, key: /k}}").tls().mode())
                .isEqualTo(TlsSettings.Mode.FILES);
    }

    @Test
    void fault33OneStartTellsEverythingThatIsWrong() {
        assertThatThrownBy(() -> settings("stowage: {mode: a, placement: b}"))
                .hasMessageContaining("stowage.mode")
                .hasMessageContaining("stowage.placement");
    }

    private static Settings settings(String yaml) {
        return Settings.of(new ConfigLoader(Map.of()).parse("test", yaml), "test", Place.DESK, Map.of());
    }
}
