package dev.stowage.report.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.EligibleProfiles;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScanScheduleTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private static ImageReportStatus compatible() {
        NodeProfile amd64 = NodeProfile.of(Platform.of("linux", "amd64"));
        ReconcileInput input =
                new ReconcileInput(1L, Optional.empty(), ImageUsage.NONE, Set.of(amd64), true, Optional.empty());
        return new StatusFactory().next(input, NOW);
    }

    @Test
    @DisplayName("a new leader spreads the looks of all the reports that it finds")
    void aNewLeaderSpreadsItsLooks() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        ScanSchedule<String> schedule = new ScanSchedule<>(Duration.ofMinutes(4), random::nextDouble);
        Set<Instant> quarters = new TreeSet<>();
        int[] perMinute = new int[4];
        for (int i = 0; i < 4_000; i++) {
            Instant due = schedule.dueAt("report-" + i, compatible(), NOW);
            perMinute[(int) Duration.between(NOW, due).toMinutes()]++;
            quarters.add(due);
        }

        assertThat(Arrays.stream(perMinute).boxed())
                .allSatisfy(number -> assertThat(number).isBetween(850, 1_150));
        assertThat(quarters).hasSizeGreaterThan(3_000);
    }

    @Test
    void nextTimesArePutOffByTheWholePeriod() {
        ScanSchedule<String> schedule = new ScanSchedule<>(Duration.ofMinutes(4), () -> 0.5);
        schedule.scanned("a", compatible(), NOW);

        assertThat(schedule.dueAt("a", compatible(), NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(4)));
        assertThat(ScanSchedule.until(NOW.minusSeconds(5), false, Optional.empty(), NOW))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(ScanSchedule.until(NOW.plusSeconds(50), false, Optional.of(NOW.plusSeconds(20)), NOW))
                .isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("a report whose scan waits is not reconciled every second")
    void aWaitingScanIsNotPolled() {
        assertThat(ScanSchedule.until(NOW.minusSeconds(5), true, Optional.empty(), NOW))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(ScanSchedule.until(NOW.minusSeconds(5), true, Optional.of(NOW.plusSeconds(20)), NOW))
                .isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("an image that fails again and again is scanned less and less often")
    void faultsPutOffScansMoreAndMore() {
        ScanSchedule<String> schedule = new ScanSchedule<>(Duration.ofHours(1), () -> 0.5);
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            schedule.scanned("a", unresolved(), NOW);
            minutes.add(Duration.between(NOW, schedule.dueAt("a", unresolved(), NOW))
                    .toMinutes());
        }
        assertThat(minutes).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);

        schedule.scanned("a", resolved(), NOW);
        schedule.scanned("a", unresolved(), NOW);
        assertThat(schedule.dueAt("a", unresolved(), NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    }

    private static ImageReportStatus unresolved() {
        return ImageReportStatusBuilder.builder()
                .verdict(ReportVerdict.UNRESOLVED)
                .build();
    }

    private static ImageReportStatus resolved() {
        return ImageReportStatusBuilder.builder()
                .verdict(ReportVerdict.COMPATIBLE)
                .conditions(List.of(new ImageReportStatus.StatusCondition(
                        StatusFactory.RESOLVED, "True", "Resolved", null, NOW.toString(), 1L)))
                .build();
    }

    @Test
    @DisplayName("a leader that ended before it looked leaves nothing that stays so until the next hour")
    void whatHasNotBeenLookedAtIsLookedAt() {
        ScanSchedule<String> schedule = new ScanSchedule<>(Duration.ofHours(1), () -> 0.5);
        Set<NodeProfile> amd64 = Set.of(NodeProfile.of(Platform.of("linux", "amd64")));
        ReconcileInput first = new ReconcileInput(1L, Optional.empty(), ImageUsage.NONE, amd64, true, Optional.empty());
        ImageReportStatus unseen = new StatusFactory().next(first, NOW);
        ReconcileInput after =
                new ReconcileInput(1L, Optional.of(unseen), ImageUsage.NONE, amd64, true, Optional.empty());
        schedule.scanned("a", unseen, NOW);

        assertThat(schedule.need("a", after, NOW)).isEqualTo(ScanSchedule.Need.IMAGE);
    }

    @Test
    @DisplayName("nodes that come and go in swarms change nothing while the platforms stay")
    void nodesThatComeAndGoChangeNothing() {
        AtomicReference<List<NodeFacts>> nodes = new AtomicReference<>(swarm(3, "amd64"));
        EligibleProfiles eligibility = new EligibleProfiles(nodes::get);
        NodeProfile amd64 = NodeProfile.of(Platform.of("linux", "amd64"));
        NodeProfile arm64 = NodeProfile.of(Platform.of("linux", "arm64"));
        assertThat(eligibility.profiles(Set.of(SchedulingRules.NONE))).containsExactly(amd64);

        nodes.set(swarm(2_000, "amd64"));
        assertThat(eligibility.refresh()).isFalse();

        nodes.set(swarm(2, "arm64"));
        assertThat(eligibility.refresh()).isTrue();
        assertThat(eligibility.profiles(Set.of(SchedulingRules.NONE))).containsExactly(arm64);

        nodes.set(List.of());
        assertThat(eligibility.refresh()).isTrue();
        assertThat(eligibility.profiles(Set.of(SchedulingRules.NONE))).isEmpty();
    }

    private static List<NodeFacts> swarm(int number, String architecture) {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Optional<NodeProfile> profile = Optional.of(NodeProfile.of(Platform.of("linux", architecture)));
            nodes.add(new NodeFacts("node-" + i, false, profile, Map.of(), List.of()));
        }
        nodes.add(new NodeFacts("says-nothing", false, Optional.empty(), Map.of(), List.of()));
        return nodes;
    }
}
