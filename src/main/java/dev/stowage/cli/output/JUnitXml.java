package dev.stowage.cli.output;

import dev.stowage.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JUnit's XML: a suite for each workload (and one for images given as such), a case for each image and platform; what does not
 * run is a failure, what is undetermined an error.
 */
final class JUnitXml {

    private final PrintWriter out;

    private JUnitXml(PrintWriter out) {
        this.out = out;
    }

    static void write(List<ImageCheck> checks, PrintWriter out) {
        Map<String, List<ImageCheck>> suites = new LinkedHashMap<>();
        for (ImageCheck check : checks) {
            String suite = check.source().map(ImageCheck.Source::workload).orElse("images");
            suites.computeIfAbsent(suite, name -> new ArrayList<>()).add(check);
        }
        new JUnitXml(out).document(checks, suites);
        CheckFormat.end(out);
    }

    private void document(List<ImageCheck> checks, Map<String, List<ImageCheck>> suites) {
        out.println("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out.println("<testsuites name=\"stowage check\"" + counts(checks) + ">");
        suites.forEach((name, cases) -> {
            out.println("  <testsuite name=\"" + escaped(name) + "\"" + counts(cases) + ">");
            cases.forEach(check -> testCase(name, check));
            out.println("  </testsuite>");
        });
        out.print("</testsuites>");
    }

    private void testCase(String suite, ImageCheck check) {
        String place = check.source().map(source -> source.place() + ": ").orElse("");
        String name = place + check.image() + " on " + check.platform();
        String file = check.source()
                .filter(source -> !"-".equals(source.file()))
                .map(source -> " file=\"" + escaped(source.file()) + "\" line=\"" + source.line() + "\"")
                .orElse("");
        out.print("    <testcase classname=\"" + escaped(suite) + "\" name=\"" + escaped(name) + "\"" + file
                + " time=\"0\"");
        Verdict verdict = check.verdict();
        if (verdict instanceof Verdict.Runs) {
            out.println(
                    verdict.message().isEmpty()
                            ? "/>"
                            : "><system-out>" + escaped(verdict.message()) + "</system-out></testcase>");
            return;
        }
        String element = verdict instanceof Verdict.DoesNotRun ? "failure" : "error";
        out.println(">");
        out.println("      <" + element + " type=\"" + escaped(verdict.reason().label()) + "\" message=\""
                + escaped(verdict.message()) + "\">" + escaped(name + ": " + verdict.message()) + "</" + element + ">");
        out.println("    </testcase>");
    }

    private static String counts(List<ImageCheck> checks) {
        long failures = count(checks, Verdict.DoesNotRun.class);
        long errors = count(checks, Verdict.Undetermined.class);
        return " tests=\"" + checks.size() + "\" failures=\"" + failures + "\" errors=\"" + errors
                + "\" skipped=\"0\" time=\"0\"";
    }

    private static long count(List<ImageCheck> checks, Class<? extends Verdict> kind) {
        return checks.stream().filter(check -> kind.isInstance(check.verdict())).count();
    }

    /** XML 1.0 forbids most control characters even when escaped, so they are replaced. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\n', '\t', '\r' -> escaped.append("&#").append(c).append(';');
                default -> escaped.appendCodePoint(isXml(c) ? c : '\ufffd');
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int c) {
        return c >= 0x20 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000;
    }
}
