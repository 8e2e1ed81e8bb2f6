package dev.stowage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeFamilyTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "containerd://1.6.20~ds1, CONTAINERD_1",
        "containerd://1.7.27, CONTAINERD_1",
        "containerd://v1.7.27, CONTAINERD_1",
        "containerd://0.2.9, CONTAINERD_1",
        "containerd://2.0, CONTAINERD_2_0",
        "containerd://2.0.5-k3s1, CONTAINERD_2_0",
        "containerd://2.1.0-rc.0, CONTAINERD_2_1_ANY_MODE",
        "containerd://2.1.4, CONTAINERD_2_1_ANY_MODE",
        "containerd://2.2.9, CONTAINERD_2_1_ANY_MODE",
        "containerd://2.1.4-k3s1, CONTAINERD_LOCAL_2_1",
        "containerd://v2.1.5-k3s1, CONTAINERD_LOCAL_2_1",
        "containerd://2.3.7-k3s2, CONTAINERD_LOCAL",
        "containerd://2.3.0, CONTAINERD_2_3_ANY_MODE",
        "containerd://2.4.2, CONTAINERD_2_3_ANY_MODE",
        "containerd://2.10.0, CONTAINERD_2_3_ANY_MODE",
        "containerd://10.0.0, CONTAINERD_2_3_ANY_MODE",
        "containerd://Unknown, CONTAINERD_2_3_ANY_MODE",
        "containerd://, CONTAINERD_2_3_ANY_MODE",
        "containerd://99999999999.1, CONTAINERD_2_3_ANY_MODE",
        "containerd, CONTAINERD_2_3_ANY_MODE",
        "cri-o://1.33.1, CRIO",
        "cri-o://, CRIO",
        "docker://27.5.1, DOCKER",
        "docker://20.10.1, DOCKER",
        "pouch://1.0, CONTAINERD_2_3_ANY_MODE",
        "'', CONTAINERD_2_3_ANY_MODE"
    })
    void isKnownByWhatTheNodeReports(String reported, RuntimeFamily family) {
        assertThat(RuntimeFamily.reportedAs(reported, "Debian GNU/Linux 12 (bookworm)"))
                .isEqualTo(family);
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "containerd://2.1.4, Amazon Linux 2023.9.20250929, CONTAINERD_LOCAL_2_1",
        "containerd://2.3.1, Amazon Linux 2023.9.20250929, CONTAINERD_LOCAL",
        "containerd://2.1.1, Container-Optimized OS from Google, CONTAINERD_LOCAL_2_1",
        "containerd://2.1.5, Talos (v1.11.3), CONTAINERD_LOCAL_2_1",
        "containerd://1.7.27, Amazon Linux 2023.9.20250929, CONTAINERD_1",
        "containerd://2.1.4, Amazon Linux 2, CONTAINERD_2_1_ANY_MODE",
        "cri-o://1.33.1, Amazon Linux 2023.9.20250929, CRIO"
    })
    @DisplayName("distributions that set the pull mode are known by their name")
    void distributions(String reported, String osImage, RuntimeFamily family) {
        assertThat(RuntimeFamily.reportedAs(reported, osImage)).isEqualTo(family);
    }

    @ParameterizedTest(name = "{0} on a node that reports {1}: {2}")
    @CsvSource({
        "containerd-2.1, CONTAINERD_2_1_ANY_MODE, CONTAINERD_2_1",
        "containerd, CONTAINERD_2_1_ANY_MODE, CONTAINERD_2_3",
        "containerd-local, CONTAINERD_2_1_ANY_MODE, CONTAINERD_LOCAL_2_1",
        "containerd-local, CONTAINERD_2_3_ANY_MODE, CONTAINERD_LOCAL",
        "docker, CONTAINERD_1, DOCKER"
    })
    @DisplayName("a label overrides what the node reports")
    void label(String label, RuntimeFamily reported, RuntimeFamily family) {
        assertThat(RuntimeFamily.labelled(label, reported)).contains(family);
        assertThat(RuntimeFamily.labelled(label + "x", reported)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "containerd, CONTAINERD_2_3",
        "containerd-1, CONTAINERD_1",
        "containerd-2.0, CONTAINERD_2_0",
        "containerd-2.1, CONTAINERD_2_1",
        "containerd-2.3, CONTAINERD_2_3",
        "containerd-local, CONTAINERD_LOCAL",
        "docker, DOCKER",
        "cri-o, CRIO"
    })
    void isNamedByPeople(String text, RuntimeFamily family) {
        assertThat(RuntimeFamily.named(text)).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Docker", "containerd-3", "containerd-local-2.1", "CRI-O\u0007"})
    void anotherNameIsRefusedAndTheKnownOnesTold(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuntimeFamily.named(text))
                .withMessageContaining("containerd-2.3, containerd-local, docker or cri-o")
                .withMessageMatching("[ -~]*");
    }
}
