package dev.stowage.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CausesTest {

    private final IOException root = new IOException("disk");
    private final RuntimeException outer = new IllegalStateException(new UncheckedIOException(root));

    @Test
    void theChainLeadsToTheRoot() {
        assertThat(Causes.chain(outer)).hasSize(3).startsWith(outer).endsWith(root);
        assertThat(Causes.root(outer)).isSameAs(root);
        assertThat(Causes.root(root)).isSameAs(root);
    }

    @Test
    void findsTheFirstOfAType() {
        assertThat(Causes.find(outer, IOException.class)).containsSame(root);
        assertThat(Causes.find(outer, RuntimeException.class)).containsSame(outer);
        assertThat(Causes.find(outer, InterruptedException.class)).isEmpty();
    }

    @Test
    void aChainThatLeadsBackToItselfEnds() {
        Exception one = new Exception();
        one.initCause(new Exception(one));

        assertThat(Causes.find(one, IOException.class)).isEmpty();
        assertThat(Causes.root(one)).isNotNull();
    }

    @Test
    void unwrapsWhatAFutureThrows() {
        assertThat(Causes.unwrap(new CompletionException(root))).isSameAs(root);
        assertThat(Causes.unwrap(outer)).isSameAs(outer);
    }
}
