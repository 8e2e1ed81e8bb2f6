package dev.stowage.cli.page;

import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The summary of each platform: how many images run there, and how much those that do not run take. */
final class SummaryCards {

    /** The order of the bar: what runs comes first. */
    private static final List<PageVerdict> BAR = List.of(
            PageVerdict.RUNS,
            PageVerdict.DOES_NOT_RUN,
            PageVerdict.UNDETERMINED,
            PageVerdict.NOT_FOUND,
            PageVerdict.NOT_SCHEDULED);

    private static final List<PageVerdict> OTHERS =
            List.of(PageVerdict.NOT_FOUND, PageVerdict.UNDETERMINED, PageVerdict.NOT_SCHEDULED);

    private SummaryCards() {}

    static void write(PageSummary summary, Writer out) throws IOException {
        for (PageSummary.OfPlatform platform : summary.platforms()) {
            card(summary.images(), platform, out);
        }
    }

    private static void card(int images, PageSummary.OfPlatform of, Writer out) throws IOException {
        out.append("<li><h3>");
        Html.text(of.platform(), out);
        out.append("</h3>\n<p class=\"figure\">").append(number(of.verdicts().get(PageVerdict.RUNS)));
        out.append(" <small>of ").append(count(images, "image")).append(images == 1 ? " runs" : " run");
        out.append("</small></p>\n");
        bar(images, of, out);
        if (of.verdicts().get(PageVerdict.DOES_NOT_RUN) > 0) {
            out.append("<p class=\"facts\">");
            link(of, PageVerdict.DOES_NOT_RUN, out);
            out.append(amounts(of)).append("</p>\n");
        }
        String before = "<p class=\"facts\">";
        String after = "";
        for (PageVerdict verdict : OTHERS) {
            if (of.verdicts().get(verdict) > 0) {
                out.append(before);
                link(of, verdict, out);
                before = ", ";
                after = "</p>\n";
            }
        }
        out.append(after).append("</li>\n");
    }

    /** A link to the images with this verdict. */
    private static void link(PageSummary.OfPlatform of, PageVerdict verdict, Writer out) throws IOException {
        int images = of.verdicts().get(verdict);
        out.append("<a href=\"#platform=").append(URLEncoder.encode(of.platform(), StandardCharsets.UTF_8));
        out.append("&amp;verdict=").append(verdict.key()).append("\">");
        out.append(number(images)).append(' ').append(verdict.words(images)).append("</a>");
    }

    /** Attributes of SVG instead of a style, which the policy of the page forbids. */
    private static void bar(int images, PageSummary.OfPlatform of, Writer out) throws IOException {
        out.append("<svg class=\"bar\" viewBox=\"0 0 ").append(Integer.toString(Math.max(1, images)));
        out.append(" 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        int from = 0;
        for (PageVerdict verdict : BAR) {
            int number = of.verdicts().get(verdict);
            if (number > 0) {
                out.append("<rect class=\"")
                        .append(verdict.key())
                        .append("\" x=\"")
                        .append(Integer.toString(from));
                out.append("\" width=\"").append(Integer.toString(number)).append("\" height=\"1\"/>");
                from += number;
            }
        }
        out.append("</svg>\n");
    }

    /** What the images that do not run take: {@code : 12 % of requested CPU, 9 % of requested memory, in 9 namespaces}. */
    private static String amounts(PageSummary.OfPlatform of) {
        List<String> amounts = new ArrayList<>();
        of.cpuShare().ifPresent(share -> amounts.add(percent(share) + " of requested CPU"));
        of.memoryShare().ifPresent(share -> amounts.add(percent(share) + " of requested memory"));
        if (of.affectedNamespaces() > 0) {
            amounts.add("in " + count(of.affectedNamespaces(), "namespace"));
        }
        return amounts.isEmpty() ? "" : ": " + String.join(", ", amounts);
    }

    private static String count(int number, String what) {
        return number(number) + " " + what + (number == 1 ? "" : "s");
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Small shares keep their digits, so that none reads as nothing. */
    private static String percent(double share) {
        String digits = share > 0 && share < 0.01 ? "%.2f" : "%.0f";
        return String.format(Locale.ROOT, digits, 100 * share) + "&#160;%";
    }
}
