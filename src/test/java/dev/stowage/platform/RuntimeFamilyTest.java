package dev.stowage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeFamilyTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "containerd://1.6.20~ds1, CONTAINERD_LEGACY",
        "containerd://1.7.27, CONTAINERD_LEGACY",
        "containerd://v1.7.27, CONTAINERD_LEGACY",
        "containerd://0.2.9, CONTAINERD_LEGACY",
        "containerd://2.0, CONTAINERD_LEGACY",
        "containerd://2.0.5-k3s1, CONTAINERD_LEGACY",
        "containerd://2.1.0-rc.0, CONTAINERD",
        "containerd://2.1.4, CONTAINERD",
        "containerd://2.01, CONTAINERD",
        "containerd://2.10.0, CONTAINERD",
        "containerd://10.0.0, CONTAINERD",
        "containerd://11.0.0, CONTAINERD",
        "containerd://Unknown, CONTAINERD",
        "containerd://, CONTAINERD",
        "containerd, CONTAINERD",
        "cri-o://1.33.1, CRIO",
        "cri-o://, CRIO",
        "docker://20.10.1, CONTAINERD",
        "'', CONTAINERD"
    })
    void isKnownByWhatTheNodeReports(String reported, RuntimeFamily family) {
        assertThat(RuntimeFamily.reportedAs(reported)).isEqualTo(family);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "containerd, CONTAINERD",
        "containerd-1, CONTAINERD_LEGACY",
        "containerd-2.0, CONTAINERD_LEGACY",
        "containerd-2.1, CONTAINERD",
        "cri-o, CRIO"
    })
    void isNamedByPeople(String text, RuntimeFamily family) {
        assertThat(RuntimeFamily.named(text)).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "docker", "containerd-3", "CRI-O\u0007"})
    void anotherNameIsRefusedAndTheKnownOnesTold(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuntimeFamily.named(text))
                .withMessageContaining("containerd-1, containerd-2.0, containerd-2.1 or cri-o")
                .withMessageMatching("[ -~]*");
    }
}
