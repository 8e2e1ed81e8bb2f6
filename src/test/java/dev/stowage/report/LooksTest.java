package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.KeyringSource;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LooksTest {

    private static final Set<NodeProfile> PROFILES = Set.of(NodeProfile.of(Platform.parse("linux/amd64")));

    private final List<Runnable> started = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Looks<String> looks = new Looks<>(
            (image, purpose, profiles, verification, keyring, deadline) ->
                    CompletableFuture.completedFuture(Look.undetermined(image, profiles, Reason.UNAVAILABLE, "down")
                            .assessment()),
            KeyringSource.ANONYMOUS,
            started::add,
            1,
            ended::add);

    @Test
    void aLookStaysUntilItIsWrittenDown() {
        looks.begin("web", question("web"));
        started.remove(0).run();

        assertThat(ended).containsExactly("web");
        assertThat(looks.ended("web")).isPresent();
        assertThat(looks.ended("web")).isPresent();
        looks.writtenDown("web");
        assertThat(looks.ended("web")).isEmpty();
    }

    @Test
    void whatIsForgottenComesToNothingAndMakesRoom() {
        looks.begin("web", question("web"));
        looks.begin("api", question("api"));
        looks.begin("job", question("job"));
        looks.forget("web");
        looks.forget("api");
        started.remove(0).run();
        started.remove(0).run();

        assertThat(looks.ended("web")).isEmpty();
        assertThat(looks.ended("job")).isPresent();
        assertThat(started).isEmpty();
        assertThat(looks.depth()).isZero();

        looks.begin("web", question("web"));
        started.remove(0).run();
        assertThat(looks.ended("web")).isPresent();
    }

    private static Looks.Question question(String image) {
        Workload reader = new Workload(
                "Pod",
                "shop",
                "web",
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
        return new Looks.Question(
                image,
                Assessor.Purpose.RUN,
                PROFILES,
                Assessor.Verification.MANIFESTS,
                false,
                Optional.empty(),
                reader);
    }
}
