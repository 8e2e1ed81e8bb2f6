package dev.stowage.cli.output;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The forms in which {@code stowage check} says what it found; the constants are the values of {@code -o}. */
public enum CheckFormat {
    /** For people. */
    TABLE {
        @Override
        public void write(List<ImageCheck> checks, Terminal terminal, String version) {
            CheckTable.write(checks, terminal);
        }

        @Override
        public boolean explains() {
            return true;
        }

        @Override
        public void write(List<ImageCheck> checks, List<Explanation> explanations, Terminal terminal) {
            CheckTable.write(checks, terminal);
            ExplanationText text = new ExplanationText(terminal);
            explanations.forEach(text::write);
        }
    },
    /** A JSON array, one object for each image, platform and place. */
    JSON {
        @Override
        public void write(List<ImageCheck> checks, Terminal terminal, String version) {
            CheckJson.write(checks, terminal.out());
        }

        @Override
        public boolean explains() {
            return true;
        }

        @Override
        public void write(List<ImageCheck> checks, List<Explanation> explanations, Terminal terminal) {
            CheckJson.writeExplained(explanations, terminal.out());
        }
    },
    /** GitHub Flavored Markdown, for summaries of pipelines. */
    MARKDOWN {
        @Override
        public void write(List<ImageCheck> checks, Terminal terminal, String version) {
            CheckMarkdown.write(checks, terminal.out());
        }
    },
    /** JUnit's XML, as build servers read it. */
    JUNIT {
        @Override
        public void write(List<ImageCheck> checks, Terminal terminal, String version) {
            JUnitXml.write(checks, terminal.out());
        }
    },
    /** SARIF 2.1.0, as code hosts read it. */
    SARIF {
        @Override
        public void write(List<ImageCheck> checks, Terminal terminal, String version) {
            SarifLog.write(checks, terminal.out(), version);
        }
    };

    /**
     * Writes the result to standard output, whole.
     *
     * @param checks the results, in the order of the input
     * @param terminal the terminal to write to
     * @param version the version of Stowage
     */
    public abstract void write(List<ImageCheck> checks, Terminal terminal, String version);

    /** Whether explanations can be written. */
    public boolean explains() {
        return false;
    }

    /**
     * Writes the result and its explanation to standard output, whole.
     *
     * @param explanations of these results, in the order of the input
     * @throws UnsupportedOperationException if this form has no explanations
     */
    public void write(List<ImageCheck> checks, List<Explanation> explanations, Terminal terminal) {
        throw new UnsupportedOperationException(this + " has no explanations");
    }

    /** Ends what was written with a line end and sends it off; a reader that went away is not an error. */
    static void end(PrintWriter out) {
        out.println();
        out.flush();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
