package dev.stowage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordListTest {

    @Test
    void allAreNamedUpToTheBound() {
        assertThat(WordList.of(List.of(), 2)).isEmpty();
        assertThat(WordList.of(List.of("a"), 2)).isEqualTo("a");
        assertThat(WordList.of(List.of("a", "b"), 2)).isEqualTo("a, b");
    }

    @Test
    void theOthersAreCounted() {
        assertThat(WordList.of(List.of("a", "b", "c"), 2)).isEqualTo("a, b and 1 more");
        assertThat(WordList.of(List.of("a", "b"), 3, 7)).isEqualTo("a, b and 5 more");
        assertThat(WordList.of(List.of(), 3, 7)).isEqualTo("7 more");
    }
}
