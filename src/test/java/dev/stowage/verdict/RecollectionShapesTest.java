package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Access;
import dev.stowage.registry.Access.Origin;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.Registry;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.registry.cache.RecallingRegistry;
import dev.stowage.registry.cache.Recollections;
import dev.stowage.resolve.ImageRecorder;
import dev.stowage.resolve.ImageRecorder.Recorded;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Shape;
import dev.stowage.testing.Shapes;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of shapes once more, through a restart: what was remembered of an image says of every node what the image itself says, word
 * for word and without a request, or nothing is remembered.
 */
class RecollectionShapesTest {

    private static final Access SHOP = new Access(List.of(), Optional.of(new Origin("shop", List.of(Origin.ANYONE))));
    private static final Keyring KEYRING =
            (repository, deadline) -> CompletableFuture.completedFuture(new Answer.Found<>(SHOP));
    private static final Set<NodeProfile> EVERYWHERE = everywhere();

    /** An engine with its memory. */
    private static final class Replica {

        private final Recollections recollections = new Recollections(Ticker.systemTicker());
        private final Assessor assessor;
        private final ImageRecorder recorder;

        Replica(Registry origin) {
            CachingRegistry cache =
                    new CachingRegistry(origin, CacheSettings.DEFAULT, Ticker.systemTicker(), CacheObserver.NONE);
            RecallingRegistry registry =
                    new RecallingRegistry(cache, recollections, CacheSettings.DEFAULT, CacheObserver.NONE);
            assessor = new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge());
            recorder = new ImageRecorder(registry, new DocumentReader());
        }

        Assessment assess(String image, Set<NodeProfile> profiles, Verification verification, Purpose purpose) {
            return assessor.assess(image, purpose, profiles, verification, KEYRING, Deadline.in(Duration.ofSeconds(10)))
                    .join();
        }

        Optional<Recorded> record(String image, Set<NodeProfile> profiles) {
            return recorder.record(reference(image), profiles, SHOP);
        }

        void recall(String image, Recorded recorded) {
            ImageReference reference = reference(image);
            recollections.put(
                    "shop", reference.repository(), reference.target(), recorded.recollection(), recorded.age());
        }
    }

    private static ImageReference reference(String image) {
        try {
            return ImageReference.parse(image);
        } catch (InvalidReferenceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<NodeProfile> everywhere() {
        List<Platform> platforms = new ArrayList<>();
        for (String text : List.of(
                "linux/amd64",
                "linux/arm64",
                "linux/arm/v7",
                "linux/arm/v6",
                "linux/386",
                "linux/s390x",
                "linux/ppc64le",
                "linux/riscv64",
                "windows(10.0.17763.1)/amd64",
                "windows(10.0.20348.2227)/amd64",
                "windows(10.0.26100.1)/amd64",
                "windows/amd64",
                "freebsd/amd64")) {
            platforms.add(Platform.parse(text));
        }
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        for (RuntimeFamily runtime : RuntimeFamily.values()) {
            platforms.forEach(platform -> profiles.add(new NodeProfile(platform, runtime)));
        }
        return profiles;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.stowage.testing.Shapes#all")
    void aRecollectionSaysOfEveryNodeWhatTheImageSays(Shape shape) {
        MemoryRegistry registry = new MemoryRegistry();
        String image = "registry.example/shapes" + shape.store(registry);
        Replica before = new Replica(registry);
        Map<Purpose, Assessment> said = new LinkedHashMap<>();
        for (Purpose purpose : Purpose.values()) {
            said.put(purpose, before.assess(image, EVERYWHERE, Verification.MANIFESTS, purpose));
        }

        Optional<Recorded> recorded = before.record(image, EVERYWHERE);

        MemoryRegistry nothing = new MemoryRegistry();
        Replica after = new Replica(nothing);
        recorded.ifPresent(one -> {
            after.recall(image, one);
            for (Verification verification : Verification.values()) {
                said.forEach((purpose, assessment) -> {
                    Assessment again = after.assess(image, EVERYWHERE, verification, purpose);
                    assertThat(again.verdicts()).isEqualTo(assessment.verdicts());
                    assertThat(again.contents().digest())
                            .isEqualTo(assessment.contents().digest());
                    assertThat(again.contents().platforms())
                            .isEqualTo(assessment.contents().platforms());
                    assertThat(again.contents().attestations())
                            .isEqualTo(assessment.contents().attestations());
                    assertThat(again.contents().document().orElseThrow().mediaType())
                            .isEqualTo(assessment
                                    .contents()
                                    .document()
                                    .orElseThrow()
                                    .mediaType());
                });
            }
            List<NodeProfile> backwards = new ArrayList<>(EVERYWHERE);
            Collections.reverse(backwards);
            assertThat(before.record(image, new LinkedHashSet<>(backwards))
                            .orElseThrow()
                            .recollection())
                    .as("the same in whatever order it was looked at, or it would be written again and again")
                    .isEqualTo(one.recollection());
            assertThat(after.record(image, EVERYWHERE).orElseThrow().recollection())
                    .isEqualTo(one.recollection());
        });
        assertThat(nothing.asked()).isEmpty();
    }

    /** Looked at for amd64 alone, it must not say more of other nodes than an engine that has seen the index and nothing else. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.stowage.testing.Shapes#all")
    void whatWasNotLookedAtIsNotMadeUp(Shape shape) {
        MemoryRegistry registry = new MemoryRegistry();
        String image = "registry.example/shapes" + shape.store(registry);
        Set<NodeProfile> one = Set.of(NodeProfile.of(Platform.of("linux", "amd64")));
        Replica before = new Replica(registry);
        before.assess(image, one, Verification.MANIFESTS, Purpose.RUN);

        Optional<Recorded> recorded = before.record(image, one);

        Replica after = new Replica(registry);
        recorded.ifPresent(known -> after.recall(image, known));
        for (Verification verification : Verification.values()) {
            assertThat(after.assess(image, EVERYWHERE, verification, Purpose.RUN)
                            .verdicts())
                    .isEqualTo(before.assess(image, EVERYWHERE, verification, Purpose.RUN)
                            .verdicts());
        }
    }

    /** Else the tests above would pass if nothing were ever remembered. */
    @Test
    void whatIsNotRememberedCannotBeReadOrIsNestedOrHuge() {
        Set<String> refused = Shapes.all()
                .filter(shape -> {
                    MemoryRegistry registry = new MemoryRegistry();
                    String image = "registry.example/shapes" + shape.store(registry);
                    Set<NodeProfile> profiles = shape.expected().keySet();
                    Replica replica = new Replica(registry);
                    replica.assess(image, profiles, Verification.MANIFESTS, Purpose.RUN);
                    return replica.record(image, profiles).isEmpty();
                })
                .map(Shape::toString)
                .collect(Collectors.toCollection(LinkedHashSet::new));

        assertThat(refused)
                .containsExactlyInAnyOrder(
                        "single, config blob missing",
                        "index in index in index, amd64",
                        "index for arm64 in index",
                        "two nested indexes, only the second has amd64",
                        "nested amd64 + plain arm64",
                        "amd64 + arm64, amd64 child missing",
                        "amd64 + arm64, arm64 child missing",
                        "child's size is wrong",
                        "schema 1",
                        "index served as text/plain",
                        "index served as application/json",
                        "index served as octet-stream",
                        "index served without a type",
                        "index served as manifest",
                        "manifest served as index",
                        "200 with HTML",
                        "not JSON",
                        "thousands of entries",
                        "index with both manifests and config",
                        "tag that does not exist");
    }
}
