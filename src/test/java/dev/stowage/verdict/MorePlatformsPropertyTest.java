package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Where an image runs, it runs with one more honest image in its index, wherever that is put, whatever the runtime: as long as
 * every entry names its platform. Without that it is not so, which the last test shows.
 */
class MorePlatformsPropertyTest {

    private static final List<String> KNOWN = List.of(
            "linux/amd64",
            "linux/amd64/v3",
            "linux/386",
            "linux/arm64",
            "linux/arm64/v8",
            "linux/arm64/v9",
            "linux/arm/v5",
            "linux/arm/v6",
            "linux/arm/v7",
            "linux/riscv64",
            "linux/s390x",
            "windows(10.0.17763.1)/amd64",
            "windows(10.0.20348.1)/amd64",
            "windows(10.0.26100.1)/amd64");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);
    private final Assessor engine =
            new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge());

    @Property
    void oneMorePlatformNeverMakesAVerdictStricter(
            @ForAll("platforms") List<Platform> offered,
            @ForAll("platform") Platform added,
            @ForAll @IntRange(max = 5) int position,
            @ForAll("profile") NodeProfile node) {
        List<Descriptor> entries =
                new ArrayList<>(offered.stream().map(images::image).toList());
        Verdict before = verdict(entries, node);
        entries.add(Math.min(position, entries.size()), images.image(added));
        Verdict after = verdict(entries, node);

        if (before instanceof Verdict.Runs) {
            assertThat(after).isInstanceOf(Verdict.Runs.class);
        }
    }

    @Property
    void attestationsChangeNoVerdict(@ForAll("platforms") List<Platform> offered, @ForAll("profile") NodeProfile node) {
        List<Descriptor> entries =
                new ArrayList<>(offered.stream().map(images::image).toList());
        Class<?> before = verdict(entries, node).getClass();
        entries.add(0, images.attestation(entries.get(0)));

        assertThat(verdict(entries, node)).isInstanceOf(before);
    }

    @Property
    void matchingNeverThrowsAndFetchesOnlyWhatItMatches(
            @ForAll String os,
            @ForAll String architecture,
            @ForAll String variant,
            @ForAll String version,
            @ForAll("profile") NodeProfile node) {
        Platform entry = new Platform(os, architecture, variant, version, List.of());

        assertThatCode(() -> {
                    PlatformMatcher matcher = PlatformMatcher.of(node);
                    assertThat(matcher.fetches(entry) && !matcher.matches(entry))
                            .isFalse();
                    PlatformMatcher odd = PlatformMatcher.of(new NodeProfile(entry, node.runtime()));
                    odd.rank(node.platform());
                    odd.fetches(node.platform());
                })
                .doesNotThrowAnyException();
    }

    /** containerd 2.1 and newer prefer the sub-platform to the entry without platform, and then do not fetch it. */
    @Example
    void anImageWithoutPlatformIsShadowedByASubPlatform() {
        NodeProfile node = NodeProfile.of(Platform.of("linux", "amd64"));
        Descriptor unnamed = SampleImages.claiming(images.image(Platform.of("linux", "amd64")), Optional.empty());

        assertThat(verdict(List.of(unnamed), node)).isInstanceOf(Verdict.Runs.class);
        assertThat(verdict(List.of(unnamed, images.image(Platform.of("linux", "386"))), node))
                .isInstanceOf(Verdict.DoesNotRun.class);
    }

    private Verdict verdict(List<Descriptor> entries, NodeProfile node) {
        images.index("all", entries.toArray(Descriptor[]::new));
        return engine.assess(
                        "r.example/app:all",
                        Purpose.RUN,
                        Set.of(node),
                        Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofMinutes(1)))
                .join()
                .verdicts()
                .get(node);
    }

    @Provide
    Arbitrary<Platform> platform() {
        return Arbitraries.of(KNOWN).map(Platform::parse);
    }

    @Provide
    Arbitrary<List<Platform>> platforms() {
        return platform().list().ofMinSize(1).ofMaxSize(5);
    }

    @Provide
    Arbitrary<NodeProfile> profile() {
        // CRI-O runs on Linux only, so what it would take of several Windows builds is nobody's question
        return Combinators.combine(platform(), Arbitraries.of(RuntimeFamily.values()))
                .as(NodeProfile::new)
                .filter(node -> node.runtime() != RuntimeFamily.CRIO
                        || !"windows".equals(node.platform().os()));
    }
}
