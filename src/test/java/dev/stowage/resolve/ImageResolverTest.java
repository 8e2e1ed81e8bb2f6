package dev.stowage.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.resolve.Selection.None;
import dev.stowage.resolve.Selection.Selected;
import dev.stowage.testing.MemoryRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageResolverTest {

    private static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);

    @Test
    void believingTheIndexTakesOneRequest() {
        images.index("t", images.image(AMD64.platform()), images.image(ARM64.platform()));

        ResolvedImage image = resolve(false, AMD64, ARM64);

        assertThat(registry.asked()).containsExactly("t");
        assertThat(image.selections().values())
                .allSatisfy(selection -> assertThat(selection).isInstanceOf(Selected.class));
    }

    @Test
    void readingManifestsTakesTwoMoreForEachPlatformAndNoneForAttestations() {
        Descriptor amd64 = images.image(AMD64.platform());
        images.index("t", amd64, images.image(ARM64.platform()), images.attestation(amd64));

        resolve(true, AMD64, ARM64);

        assertThat(registry.asked()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aSingleManifestTakesItsConfigToo() {
        images.image("t", ARM64.platform());

        ResolvedImage image = resolve(false, AMD64);

        assertThat(registry.asked()).hasSize(2);
        assertThat(image.config()).isPresent();
    }

    @Test
    void whatCannotBeHadIsTheSelectionOfEveryProfile() {
        registry.fail("t", RegistryFailure.Kind.TIMEOUT);

        ResolvedImage image = resolve(true, AMD64, ARM64);

        assertThat(image.selections()).hasSize(2).allSatisfy((profile, selection) -> assertThat(selection)
                .isInstanceOfSatisfying(
                        Selection.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure().kind()).isEqualTo(RegistryFailure.Kind.TIMEOUT)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT_AN_IMAGE")
    void whatARuntimeFetchesInAdditionMustBeReadable(RegistryFailure.Kind kind) {
        Descriptor second = images.image(ARM64.platform());
        Descriptor withoutPlatform = Descriptor.of(second.mediaType(), second.digest(), second.size());
        images.index("t", images.image(AMD64.platform()), withoutPlatform);
        registry.fail(second.digest().toString(), kind);
        NodeProfile crio = new NodeProfile(AMD64.platform(), RuntimeFamily.CRIO);

        ResolvedImage image = resolve(true, AMD64, crio);

        assertThat(image.selections().get(crio)).isInstanceOf(Selected.class);
        assertThat(image.selections().get(AMD64))
                .isInstanceOfSatisfying(
                        Selection.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure().kind()).isEqualTo(kind));
    }

    @Test
    void aChainOfAThousandNestedIndexesEndsAfterAFew() {
        Descriptor inner = images.index(null, images.image(AMD64.platform()));
        for (int i = 0; i < 1000; i++) {
            inner = images.index(null, inner);
        }
        images.index("t", inner);

        assertThat(resolve(true, AMD64).selections().get(AMD64))
                .isInstanceOfSatisfying(
                        None.class, none -> assertThat(none.cause()).isEqualTo(None.Cause.NESTED_TOO_DEEP));
        assertThat(registry.asked().size()).isLessThanOrEqualTo(ManifestSelector.MAX_NESTING + 2);
    }

    @Test
    void anIndexThatContainsItselfEndsAfterAFew() {
        // no real registry could serve this, since the digest would have to be known before the document
        Digest self = Digest.of(new byte[0]);
        Descriptor toItself = Descriptor.of(MediaTypes.OCI_INDEX, self, 400);
        ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, toItself);
        LoopingRegistry looping = new LoopingRegistry(index.toString());

        ResolvedImage image = resolver(looping)
                .resolve(
                        reference(), Set.of(AMD64), true, ReadCredentials.ANONYMOUS, Deadline.in(Duration.ofSeconds(5)))
                .join();

        assertThat(image.selections().get(AMD64)).isInstanceOf(None.class);
        assertThat(looping.requests()).isLessThanOrEqualTo(ManifestSelector.MAX_NESTING + 2);
    }

    @Test
    void theSameDigestTenThousandTimesIsAskedOnce() {
        Descriptor image = images.image(AMD64.platform());
        Descriptor[] many = new Descriptor[10_000];
        Arrays.fill(many, image);
        images.index("t", many);

        resolve(true, AMD64, ARM64);

        assertThat(registry.asked()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void tenThousandEntriesCostRequestsForTheChosenOnesOnly() {
        Descriptor[] many = new Descriptor[10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = SampleImages.claiming(
                    Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(new byte[] {(byte) i, (byte) (i >> 8)}), 1),
                    Optional.of(Platform.of("linux", "other" + i)));
        }
        many[9_999] = images.image(AMD64.platform());
        images.index("t", many);

        assertThat(resolve(true, AMD64, ARM64).selections().get(AMD64)).isInstanceOf(Selected.class);
        assertThat(registry.asked()).hasSize(3);
    }

    private ResolvedImage resolve(boolean readsManifests, NodeProfile... profiles) {
        return resolver(registry)
                .resolve(
                        reference(),
                        Set.copyOf(Arrays.asList(profiles)),
                        readsManifests,
                        ReadCredentials.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(5)))
                .join();
    }

    private static ImageResolver resolver(Registry registry) {
        return new ImageResolver(registry, new DocumentReader());
    }

    private static ImageReference reference() {
        return ImageReference.parse("registry.example/app:t");
    }
}
