package dev.stowage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.text.Glob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExemptionsTest {

    private static final Exemptions EXEMPTIONS = new Exemptions(
            globs("registry.example/infra/*", "docker.io/library/busybox:*"),
            globs("admin", "ops-*"),
            globs("system:masters"),
            globs("ci/*", "shop/deployer"),
            globs("sandbox-*"));

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "alice,                                shop,      -",
                "admin,                                shop,      user",
                "ops-bob,                              shop,      user",
                "administrator,                        shop,      -",
                "alice,                                sandbox-1, namespace",
                "alice,                                sandbox,   -",
                "system:serviceaccount:ci:robot,       shop,      service account",
                "system:serviceaccount:shop:deployer,  shop,      service account",
                "system:serviceaccount:shop:other,     shop,      -",
                "ci/robot,                             shop,      -"
            })
    void whoAndWhere(String user, String namespace, String reason) {
        assertThat(EXEMPTIONS
                        .reasonToSkip(namespace, new Requester(user, List.of("system:authenticated")))
                        .orElse(null))
                .isEqualTo(reason);
    }

    @Test
    void groups() {
        assertThat(EXEMPTIONS.reasonToSkip("shop", new Requester("x", List.of("a", "system:masters"))))
                .contains("group");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "registry.example/infra/proxy:1,         true",
        "registry.example/infra/a/b@sha256:x,    true",
        "registry.example/infrastructure/proxy,  false",
        "busybox,                                true",
        "busybox:1.36,                           true",
        "docker.io/busybox,                      true",
        "other/busybox,                          false",
        "No//Reference,                          false"
    })
    void images(String image, boolean exempt) {
        assertThat(EXEMPTIONS.includesImage(image)).isEqualTo(exempt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enforce", "warn", "audit", "off"})
    void modesAreNamedAsInTheLabel(String value) {
        assertThat(Mode.of(value)).map(Mode::value).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Enforce", "enfroce", "", " warn"})
    void otherValuesAreNoMode(String value) {
        assertThat(Mode.of(value)).isEmpty();
    }

    @Test
    void thePolicyHasTheDefaultsThatAreDocumented() {
        assertThat(PolicyConfig.DEFAULT)
                .hasToString(
                        "PolicyConfig[mode=ENFORCE, placement=ALL, ownedPods=ANY, onUnresolved=WARN, onNotFound=WARN, onUncertain=WARN, "
                                + "verification=INDEX, admissionDeadline=PT5S, exemptions=" + Exemptions.NONE
                                + ", workloadOptOut=false]");
    }

    @Test
    void aDeadlineOfNothingIsRefused() {
        assertThatThrownBy(() -> new PolicyConfig(
                        Mode.ENFORCE,
                        Placement.ALL,
                        Placement.ANY,
                        Action.WARN,
                        Action.WARN,
                        Action.WARN,
                        PolicyConfig.DEFAULT.verification(),
                        Duration.ZERO,
                        Exemptions.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("admissionDeadline");
    }

    private static List<Glob> globs(String... patterns) {
        return List.of(patterns).stream().map(Glob::new).toList();
    }
}
