package dev.stowage.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The soak for a few seconds; whether anything grows only the long one can tell. */
class RegistrySoakTest {

    @Test
    @DisplayName("a soak of random faults: verdicts that are given are true, the others are open, nothing is left over")
    void verdictsStayTrueUnderRandomFaults() throws InterruptedException {
        try (RegistrySoak soak = new RegistrySoak(20_260_401)) {
            soak.run(Duration.ofSeconds(5), 200, reading -> {});

            assertThat(soak.wrong()).isEmpty();
            assertThat(soak.verdicts().keySet())
                    .contains("Runs", "DoesNotRun PlatformMissing", "Undetermined Unavailable");
            assertThat(soak.faults()).hasSizeGreaterThan(5);
            assertThat(soak.underWay()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} of {1} for {2}: wrong is {3}")
    @CsvSource({
        "Runs, Runs, alice, false",
        "Runs, DoesNotRun, alice, true",
        "DoesNotRun, Runs, alice, true",
        "DoesNotRun, DoesNotRun, alice, false",
        "Undetermined, Runs, alice, false",
        "Undetermined, DoesNotRun, alice, false",
        "Runs, Undetermined, alice, true",
        "Runs, Runs, bob, true",
        "DoesNotRun, DoesNotRun, bob, true",
        "Undetermined, Runs, bob, false"
    })
    void theSoakKnowsAWrongVerdict(String said, String truth, String tenant, boolean wrong) {
        SoakFaults honest = new SoakFaults(1, FakeRegistryAuth.NONE, new HashMap<>());
        SoakImage image = new SoakImage("app", "registry.example/app:1", honest, Set.of("alice"));
        NodeProfile profile = NodeProfile.of(Platform.of("linux", "amd64"));
        image.becomes(Map.of(profile, truth));

        assertThat(image.objection(verdict(said), profile, tenant, true, 8, 7).isPresent())
                .isEqualTo(wrong);
    }

    private static Verdict verdict(String label) {
        return switch (label) {
            case "Runs" -> new Verdict.Runs(List.of());
            case "DoesNotRun" -> new Verdict.DoesNotRun(Reason.NOT_FOUND, "has no such tag");
            default -> new Verdict.Undetermined(Reason.UNAVAILABLE, "is down");
        };
    }
}
