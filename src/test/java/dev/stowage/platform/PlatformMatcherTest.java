package dev.stowage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each node what its runtime takes, in the order in which it prefers it; every other of the candidates is what it must not
 * take.
 */
class PlatformMatcherTest {

    private static final List<String> CANDIDATES = List.of(
            "linux/amd64",
            "linux/amd64/v1",
            "linux/amd64/v2",
            "linux/amd64/v3",
            "linux/amd64/v4",
            "linux/x86_64",
            "Linux/amd64",
            "/amd64",
            "linux/386",
            "linux/i386",
            "linux/386/sse2",
            "linux/arm64",
            "linux/arm64/v8",
            "linux/arm64/v8.1",
            "linux/arm64/v8.5",
            "linux/arm64/v8.6",
            "linux/arm64/v8.7",
            "linux/arm64/v8.9",
            "linux/arm64/v9",
            "linux/arm64/v9.1",
            "linux/arm64/v9.2",
            "linux/aarch64",
            "linux/ARM64/V8",
            "linux/arm",
            "linux/arm/v4",
            "linux/arm/v5",
            "linux/arm/v6",
            "linux/arm/v7",
            "linux/arm/7",
            "linux/arm/v8",
            "linux/armhf",
            "linux/armel",
            "linux/riscv64",
            "linux/riscv64/rva20u64",
            "linux/ppc64le",
            "linux/ppc64le/power9",
            "linux/s390x",
            "linux/",
            "linux/unknown",
            "unknown/unknown",
            "/",
            "windows/amd64",
            "windows/386",
            "darwin/amd64",
            "darwin/arm64",
            "freebsd/amd64",
            "wasi/wasm");

    private static final String AMD64 = "linux/amd64 = linux/amd64/v1 = linux/x86_64 = Linux/amd64 = /amd64";
    private static final String I386 = " > linux/386 = linux/i386";
    private static final String ARM64 = "linux/arm64 = linux/arm64/v8 = linux/aarch64 = linux/ARM64/V8";
    private static final String ARM7 = "linux/arm = linux/arm/v7 = linux/arm/7 = linux/armhf";
    private static final String ARM6 = "linux/arm/v6 = linux/armel";
    private static final String ARM = " > linux/arm/v8 > " + ARM7 + " > " + ARM6 + " > linux/arm/v5";

    static Stream<Arguments> containerd() {
        return Stream.of(
                Arguments.of("linux/amd64", AMD64 + I386),
                Arguments.of("linux/amd64/v1", AMD64 + I386),
                Arguments.of("linux/amd64/v2", "linux/amd64/v2 > " + AMD64 + I386),
                Arguments.of("linux/amd64/v3", "linux/amd64/v3 > linux/amd64/v2 > " + AMD64 + I386),
                Arguments.of("linux/386", "linux/386 = linux/i386"),
                Arguments.of("linux/arm64", ARM64 + ARM),
                Arguments.of("linux/arm64/v8", ARM64 + ARM),
                Arguments.of("linux/arm64/v8.1", "linux/arm64/v8.1 > " + ARM64 + ARM),
                Arguments.of("linux/arm64/v9", "linux/arm64/v9 > linux/arm64/v8.5 > linux/arm64/v8.1 > " + ARM64 + ARM),
                Arguments.of(
                        "linux/arm64/v9.1",
                        "linux/arm64/v9.1 > linux/arm64/v9 > linux/arm64/v8.6 > linux/arm64/v8.5 > linux/arm64/v8.1 > "
                                + ARM64 + ARM),
                Arguments.of(
                        "linux/arm64/v9.7",
                        "linux/arm64/v9.2 > linux/arm64/v9.1 > linux/arm64/v9 > linux/arm64/v8.9 > linux/arm64/v8.7 >"
                                + " linux/arm64/v8.6 > linux/arm64/v8.5 > linux/arm64/v8.1 > " + ARM64 + ARM),
                Arguments.of("linux/arm/v8", ARM.substring(3)),
                Arguments.of("linux/arm", ARM7 + " > " + ARM6 + " > linux/arm/v5"),
                Arguments.of("linux/arm/v7", ARM7 + " > " + ARM6 + " > linux/arm/v5"),
                Arguments.of("linux/arm/v6", ARM6 + " > linux/arm/v5"),
                Arguments.of("linux/arm/v5", "linux/arm/v5"),
                Arguments.of("linux/riscv64", "linux/riscv64"),
                Arguments.of("linux/riscv64/rva20u64", "linux/riscv64/rva20u64"),
                Arguments.of("linux/ppc64le", "linux/ppc64le"),
                Arguments.of("linux/s390x", "linux/s390x"),
                Arguments.of("windows/amd64", "windows/amd64 = /amd64 > windows/386"),
                Arguments.of("freebsd/amd64", "freebsd/amd64 = /amd64"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("containerd")
    void containerdSelectsTheSameInEveryVersion(String node, String taken) {
        assertThat(takenBy(node, RuntimeFamily.CONTAINERD_2_3)).isEqualTo(taken(taken));
        assertThat(takenBy(node, RuntimeFamily.CONTAINERD_1)).isEqualTo(taken(taken));
    }

    static Stream<Arguments> crio() {
        return Stream.of(
                Arguments.of("linux/amd64", "linux/amd64"),
                Arguments.of("linux/amd64/v3", "linux/amd64/v3 > linux/amd64"),
                Arguments.of("linux/386", "linux/386"),
                Arguments.of("linux/arm64", "linux/arm64/v8 > linux/arm64"),
                Arguments.of("linux/arm64/v9", "linux/arm64/v9 > linux/arm64/v8 > linux/arm64"),
                Arguments.of("linux/arm", "linux/arm/v7 > linux/arm/v6 > linux/arm/v5 > linux/arm"),
                Arguments.of("linux/arm/v8", "linux/arm/v8 > linux/arm/v7 > linux/arm/v6 > linux/arm/v5 > linux/arm"),
                Arguments.of("linux/arm/v6", "linux/arm/v6 > linux/arm/v5 > linux/arm"),
                Arguments.of("linux/arm/v5", "linux/arm/v5 > linux/arm"),
                Arguments.of("linux/riscv64", "linux/riscv64"),
                Arguments.of("linux/s390x", "linux/s390x"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("crio")
    void crioTakesExactNamesOfOneArchitecture(String node, String taken) {
        assertThat(takenBy(node, RuntimeFamily.CRIO)).isEqualTo(taken(taken));
    }

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource({
        "linux/amd64, linux/386, false",
        "linux/arm64, linux/arm/v8, false",
        "linux/arm64, linux/arm/v7, false",
        "linux/arm64, linux/arm, false",
        "linux/arm/v7, linux/arm/v6, false",
        "linux/arm/v7, linux/armel, false",
        "linux/amd64, linux/arm64, false",
        "linux/amd64, linux/amd64, true",
        "linux/amd64, linux/x86_64, true",
        "linux/amd64, /amd64, true",
        "linux/amd64/v3, linux/amd64, true",
        "linux/arm64, linux/arm64/v8, true",
        "linux/arm64/v9, linux/arm64, true",
        "linux/arm/v7, linux/armhf, true",
        "linux/arm/v6, linux/arm/v6, true"
    })
    void containerdSince21FetchesNoSubPlatforms(String node, String entry, boolean fetched) {
        assertThat(matcher(node, RuntimeFamily.CONTAINERD_2_3).fetches(platform(entry)))
                .isEqualTo(fetched);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"CONTAINERD_1", "CONTAINERD_LOCAL", "DOCKER", "CRIO"})
    void theOthersFetchWhatTheyTake(RuntimeFamily family) {
        for (String node : List.of("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/riscv64")) {
            PlatformMatcher matcher = matcher(node, family);
            assertThat(CANDIDATES).allSatisfy(entry -> assertThat(matcher.fetches(platform(entry)))
                    .isEqualTo(matcher.matches(platform(entry))));
        }
    }

    @ParameterizedTest(name = "image {1} on node {0}: {2}")
    @CsvSource({
        "10.0.17763.1, 10.0.17763.5458, true",
        "10.0.17763.1, 10.0.17134.1, false",
        "10.0.17763.1, 10.0.20348.1, false",
        "10.0.20347.1, 10.0.17763.1, false",
        "10.0.20348.2227, 10.0.17763.1, false",
        "10.0.20348.2227, 10.0.20347.1, false",
        "10.0.20348.2227, 10.0.20348.1, true",
        "10.0.20348, 10.0.20348.9999, true",
        "10.0.20348.2227, 10.0.26100.1, false",
        "10.0.25398.1, 10.0.20348.1, true",
        "10.0.25398.1, 10.0.25398.1, true",
        "10.0.26100.1, 10.0.20348.1, true",
        "10.0.26100.1, 10.0.20347.1, false",
        "10.0.26100.1, 10.0.26101.1, false",
        "10.0.26200.1, 10.0.26100.1, true",
        "10.0.26200.1, 10.0.20348.1, false",
        "10.0.20348.1, '', true",
        "'', 10.0.17763.1, true",
        "'', '', true",
        "10.0.20348.1, ltsc2022, false",
        "10.0.20348.1, 10.0, false",
        "10.0.20348.1, 10.0.99999999999999999999.1, false",
        "10.0.20348.1, 10.0.-1.1, false",
        "rubbish, 10.0.20348.1, true"
    })
    void windowsComparesBuilds(String node, String image, boolean taken) {
        NodeProfile profile = NodeProfile.of(windows(node));

        assertThat(PlatformMatcher.of(profile).matches(windows(image))).isEqualTo(taken);
        assertThat(PlatformMatcher.of(profile).fetches(windows(image))).isEqualTo(taken);
    }

    @Test
    void amongFittingWindowsBuildsNoneIsBetter() {
        PlatformMatcher matcher = PlatformMatcher.of(NodeProfile.of(windows("10.0.26100.1")));

        assertThat(matcher.rank(windows("10.0.20348.1"))).isEqualTo(matcher.rank(windows("10.0.26100.1")));
    }

    @Test
    void linuxIgnoresVersionsAndOldRuntimesFeatures() {
        Platform odd = new Platform("linux", "amd64", "", "5.15", List.of("sse4"));

        for (RuntimeFamily family : RuntimeFamily.values()) {
            assertThat(matcher("linux/amd64", family).matches(odd))
                    .as(family.label())
                    .isEqualTo(!family.comparesOsFeatures());
        }
    }

    @Test
    void windowsIgnoresFeatures() {
        Platform entry = new Platform("windows", "amd64", "", "10.0.20348.1", List.of("win32k"));

        assertThat(PlatformMatcher.of(NodeProfile.of(windows("10.0.20348.1"))).matches(entry))
                .isTrue();
    }

    /** What is taken of the candidates: sets of equals, the best first. */
    private static List<Set<String>> takenBy(String node, RuntimeFamily family) {
        PlatformMatcher matcher = matcher(node, family);
        List<Set<String>> taken = new ArrayList<>();
        CANDIDATES.stream()
                .map(entry -> matcher.rank(platform(entry)))
                .filter(rank -> rank.isPresent())
                .map(rank -> rank.getAsInt())
                .distinct()
                .sorted(Comparator.naturalOrder())
                .forEach(rank -> {
                    Set<String> equals = new LinkedHashSet<>(CANDIDATES);
                    equals.removeIf(entry -> matcher.rank(platform(entry)).orElse(-1) != rank);
                    taken.add(equals);
                });
        return taken;
    }

    private static List<Set<String>> taken(String text) {
        List<Set<String>> taken = new ArrayList<>();
        for (String equals : text.split(" > ")) {
            taken.add(Set.copyOf(Arrays.asList(equals.split(" = "))));
        }
        return taken;
    }

    private static PlatformMatcher matcher(String node, RuntimeFamily family) {
        return PlatformMatcher.of(new NodeProfile(platform(node), family));
    }

    private static Platform windows(String version) {
        return new Platform("windows", "amd64", "", version, List.of());
    }

    /** As written, without normalising. */
    private static Platform platform(String text) {
        String[] parts = text.split("/", -1);
        return Platform.of(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
    }
}
