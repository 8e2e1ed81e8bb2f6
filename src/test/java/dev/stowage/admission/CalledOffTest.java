package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.testing.Reviews;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callers that go before they are answered, as when the API server times out: seen from the handler down to the registry. */
class CalledOffTest {

    private static final byte[] REVIEW =
            Reviews.create(Reviews.pod("app=registry.example/shop:1")).bytes();

    private final SlowRegistry registry = new SlowRegistry();
    private final Admissions admissions = new Admissions();
    private final AdmissionHandler handler = admissions.handler(
            new CachingRegistry(registry, CacheSettings.DEFAULT, Ticker.systemTicker(), CacheObserver.NONE));

    CalledOffTest() {
        admissions.cluster.node("amd", "linux/amd64");
    }

    @Test
    @DisplayName("a caller that goes takes the request to the registry with it")
    void theRequestForATagIsCalledOff() {
        CompletableFuture<AdmissionResponse> answer = handler.handle(REVIEW);
        assertThat(registry.last()).isNotDone();

        answer.cancel(true);

        assertThat(registry.last()).isCancelled();
        assertThat(admissions.outcomes).isEmpty();
    }

    @Test
    @DisplayName("so it does with a request further down the image")
    void theRequestForAChildIsCalledOff() {
        SampleImages images = new SampleImages(registry.shelves);
        Descriptor image = images.image("1", Platform.of("linux", "amd64"));
        CompletableFuture<AdmissionResponse> answer = handler.handle(REVIEW);
        registry.answerLast();
        assertThat(registry.asked()).as("manifest and config of " + image).hasSize(2);
        assertThat(registry.last()).isNotDone();

        answer.cancel(true);

        assertThat(registry.last()).isCancelled();
    }

    @Test
    @DisplayName("but not while somebody else waits for the same thing")
    void othersKeepTheirRequest() {
        CompletableFuture<AdmissionResponse> gone = handler.handle(REVIEW);
        CompletableFuture<AdmissionResponse> waiting = handler.handle(REVIEW);
        assertThat(registry.asked()).hasSize(1);

        gone.cancel(true);
        assertThat(registry.last()).isNotDone();
        assertThat(waiting).isNotDone();

        waiting.cancel(true);
        assertThat(registry.last()).isCancelled();
    }

    @Test
    @DisplayName("nor with the review of all images that a refusal wants")
    void aReviewThatGoesOnIsCalledOffToo() {
        byte[] update = Reviews.update(
                        Reviews.pod("old=registry.example/old:1"),
                        Reviews.pod("old=registry.example/old:1", "new=registry.example/shop:1"))
                .bytes();
        SampleImages images = new SampleImages(registry.shelves);
        images.index("1", images.image(Platform.of("linux", "arm64")));
        CompletableFuture<AdmissionResponse> answer = handler.handle(update);
        registry.answerLast();
        assertThat(answer).isNotDone();
        assertThat(registry.asked())
                .as("the refused image, then the one that was there")
                .hasSize(2);

        answer.cancel(true);

        assertThat(registry.last()).isCancelled();
    }
}
