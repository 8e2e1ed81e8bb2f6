package dev.stowage.cli.scan;

import dev.stowage.cli.output.CheckFormat;
import dev.stowage.cli.output.Terminal;
import java.util.Locale;

/** The forms of the result of {@code stowage scan}; the constants are the values of {@code -o}. */
enum ScanFormat {
    /** For people: what does not run, and what a migration needs to know. */
    TABLE {
        @Override
        void write(ScanResult result, Terminal terminal) {
            ScanTable.write(result, terminal);
        }
    },
    /** One JSON object. */
    JSON {
        @Override
        void write(ScanResult result, Terminal terminal) {
            ScanJson.write(result, terminal.out());
        }
    },
    /** One HTML page that needs nothing else. */
    HTML {
        @Override
        void write(ScanResult result, Terminal terminal) {
            ScanPage.write(result, terminal.out());
        }
    },
    /** A line for each image and namespace, RFC 4180. */
    CSV {
        @Override
        void write(ScanResult result, Terminal terminal) {
            ScanCsv.write(result, terminal.out());
        }
    },
    /** GitHub Flavored Markdown. */
    MARKDOWN {
        @Override
        void write(ScanResult result, Terminal terminal) {
            ScanMarkdown.write(result, terminal.out());
        }
    },
    /** SARIF 2.1.0, as {@code check} writes it. */
    SARIF {
        @Override
        void write(ScanResult result, Terminal terminal) {
            CheckFormat.SARIF.write(ScanChecks.of(result), terminal, result.version());
        }
    };

    /** Writes the result to standard output, whole. */
    abstract void write(ScanResult result, Terminal terminal);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
