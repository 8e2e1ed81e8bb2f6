package dev.stowage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest(name = "{0} / {1} / {2}")
    @CsvSource({
        "linux, x86_64, '', linux/amd64",
        "linux, x86-64, '', linux/amd64",
        "linux, X86_64, V1, linux/amd64",
        "linux, amd64, v1, linux/amd64",
        "linux, amd64, v2, linux/amd64/v2",
        "linux, aarch64, '', linux/arm64",
        "linux, aarch64, v8, linux/arm64",
        "linux, ARM64, V8, linux/arm64",
        "linux, arm64, 8, linux/arm64",
        "linux, arm64, v8.0, linux/arm64",
        "linux, arm64, v8.1, linux/arm64/v8.1",
        "linux, arm64, 9, linux/arm64/v9",
        "linux, arm64, 9.0, linux/arm64/v9",
        "linux, arm64, v9.0, linux/arm64/v9",
        "linux, arm64, v9.2, linux/arm64/v9.2",
        "linux, i386, '', linux/386",
        "linux, armhf, '', linux/arm/v7",
        "linux, armel, '', linux/arm/v6",
        "linux, arm, '', linux/arm/v7",
        "linux, arm, 5, linux/arm/v5",
        "linux, arm, 6, linux/arm/v6",
        "linux, arm, 7, linux/arm/v7",
        "linux, arm, 8, linux/arm/v8",
        "linux, arm, v6, linux/arm/v6",
        "linux, riscv64, rva20u64, linux/riscv64/rva20u64",
        "Linux, amd64, '', linux/amd64",
        "macos, arm64, '', darwin/arm64",
        "'', amd64, '', ?/amd64"
    })
    void isNormalisedAsContainerdDoes(String os, String architecture, String variant, String normalised) {
        Platform normal = Platform.of(os, architecture, variant).normalized();

        assertThat(normal).hasToString(normalised);
        assertThat(normal.normalized()).isSameAs(normal);
    }

    @Test
    void versionAndFeaturesOutliveNormalising() {
        Platform windows = new Platform("Windows", "amd64", "", "10.0.20348.1", List.of("win32k"));

        assertThat(windows.normalized())
                .isEqualTo(new Platform("windows", "amd64", "", "10.0.20348.1", List.of("win32k")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"linux/amd64", "linux/arm/v7", "windows(10.0.20348)/amd64", "windows/amd64", "linux/amd64/v3"})
    void readsWhatItWrites(String text) {
        assertThat(Platform.parse(text)).hasToString(text);
    }

    @Test
    void normalisesWhatIsRead() {
        assertThat(Platform.parse("Linux/aarch64/v8")).isEqualTo(Platform.of("linux", "arm64"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "linux",
                "/",
                "/amd64",
                "linux/",
                "linux/arm/",
                "linux/arm/v7/x",
                " linux/amd64",
                "linux/am d64",
                "windows(10.0.20348/amd64",
                "windows10.0.20348)/amd64",
                "linux/\u001b[31m"
            })
    void refusesWhatHasAnotherForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Platform.parse(text))
                .withMessageContaining("os/architecture")
                .withMessageMatching("[ -~]*");
    }

    @ParameterizedTest
    @CsvSource({
        "linux(5.1)/amd64, only a Windows platform",
        "windows(ltsc2022)/amd64, windows(10.0.20348)/amd64",
        "windows()/amd64, windows(10.0.20348)/amd64",
        "windows(20348)/amd64, windows(10.0.20348)/amd64"
    })
    void refusesVersionsThatMeanNothing(String text, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Platform.parse(text))
                .withMessageContaining(mend);
    }

    @Test
    void showsWindowsWithItsVersionAndLinuxWithout() {
        assertThat(new Platform("windows", "amd64", "", "10.0.20348.2227", List.of()))
                .hasToString("windows(10.0.20348.2227)/amd64");
        assertThat(new Platform("linux", "amd64", "", "5.15", List.of())).hasToString("linux/amd64");
    }

    @Test
    void showsWhatIsMissing() {
        assertThat(Platform.of("", "")).hasToString("?/?");
        assertThat(Platform.of("linux", "", "v7")).hasToString("linux/?/v7");
    }

    @Test
    void showsForeignTextEscapedAndBounded() {
        assertThat(Platform.of("li\u001b[31mnux", "amd64\n")).hasToString("li\\u001b[31mnux/amd64\\u000a");
        assertThat(Platform.of("linux", "a".repeat(10_000)).toString()).hasSizeLessThan(200);
    }
}
