package dev.stowage.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.TravelClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WeightedTagTest {

    private static final int BOUND = 3;

    private final TravelClock clock = new TravelClock(Instant.EPOCH);
    private final Set<String> gone = new HashSet<>();
    private final List<String> dropped = new ArrayList<>();
    private final WeightedTag tag = new WeightedTag(BOUND, value -> !gone.contains(value), dropped::add, clock);

    @Test
    @DisplayName("as many as there is room for have names of their own, the rest share one")
    void bound() {
        fill(5);

        assertThat(tag.admit("late")).isEqualTo(BoundedTag.OTHER);
        assertThat(tag.admit("a")).isEqualTo("a");
        assertThat(dropped).isEmpty();
    }

    @Test
    @DisplayName("to make up many values takes no name from any, however few events it has")
    void manyValues() {
        fill(1);

        for (int i = 0; i < 100_000; i++) {
            assertThat(tag.admit("made-up-" + i % 10_000)).isEqualTo(BoundedTag.OTHER);
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    @DisplayName("clearly more events take over the name of the value with the fewest, also among many made-up values")
    void heavier() {
        fill(5);
        tag.admit("a");
        tag.admit("c");

        int needed = 2 * 5 + 10 + 1;
        for (int i = 1; i < needed; i++) {
            assertThat(tag.admit("busy")).isEqualTo(BoundedTag.OTHER);
            assertThat(tag.admit("made-up-" + i)).isEqualTo(BoundedTag.OTHER);
        }
        while (dropped.isEmpty()) {
            tag.admit("busy");
        }

        assertThat(dropped).containsExactly("b");
        assertThat(tag.admit("busy")).isEqualTo("busy");
        assertThat(tag.admit("b")).isEqualTo(BoundedTag.OTHER);
    }

    @Test
    @DisplayName("two values of about the same weight do not take the name from each other again and again")
    void noChurn() {
        fill(5);

        for (int i = 0; i < 10_000; i++) {
            tag.admit("d");
            tag.admit("a");
            tag.admit("b");
            tag.admit("c");
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    @DisplayName("a value that no longer exists gives up its name as soon as another needs it")
    void deleted() {
        fill(1_000);
        gone.add("b");

        assertThat(tag.admit("late")).isEqualTo("late");
        assertThat(dropped).containsExactly("b");
    }

    @Test
    @DisplayName("events of days ago count less")
    void aging() {
        fill(1_000);
        clock.travel(Duration.ofDays(10));
        tag.admit("a");
        tag.admit("c");

        for (int i = 0; i < 11; i++) {
            tag.admit("late");
        }
        assertThat(dropped).containsExactly("b");
    }

    @Test
    @DisplayName("a value of the name that the rest share is one of the rest")
    void other() {
        assertThat(tag.admit(BoundedTag.OTHER)).isEqualTo(BoundedTag.OTHER);
        assertThat(tag.admit("")).isEqualTo(BoundedTag.OTHER);
        fill(1);
        assertThat(tag.admit("late")).isEqualTo(BoundedTag.OTHER);
    }

    private void fill(int events) {
        for (int i = 0; i < events; i++) {
            for (String value : List.of("a", "b", "c")) {
                assertThat(tag.admit(value)).isEqualTo(value);
            }
        }
    }
}
