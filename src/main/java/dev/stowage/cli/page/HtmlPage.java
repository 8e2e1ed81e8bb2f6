package dev.stowage.cli.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the results as one HTML file that needs nothing else: its style, script and data are inside, and its content security policy
 * forbids everything that is not. Without scripts it is a summary and a table of the first images.
 */
public final class HtmlPage {

    private static final String TEMPLATE = resource("page.html");
    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("model.js") + resource("view.js");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private HtmlPage() {}

    /**
     * Writes the page, row by row. It consists of ASCII characters alone, so that it is the same in every encoding, and the same data
     * make the same page.
     *
     * @throws IOException if {@code out} throws one
     */
    public static void write(PageData data, Writer out) throws IOException {
        Matcher placeholder = PLACEHOLDER.matcher(TEMPLATE);
        int written = 0;
        while (placeholder.find()) {
            out.append(TEMPLATE, written, placeholder.start());
            fill(placeholder.group(1), data, out);
            written = placeholder.end();
        }
        out.append(TEMPLATE, written, TEMPLATE.length());
    }

    private static void fill(String placeholder, PageData data, Writer out) throws IOException {
        switch (placeholder) {
            case "style" -> out.append(STYLE);
            case "script" -> out.append(SCRIPT);
            case "style-hash" -> out.append(hash(STYLE));
            case "script-hash" -> out.append(hash(SCRIPT));
            case "title" -> Html.text(title(data), out);
            case "meta" -> Html.text(meta(data), out);
            case "partial" -> partial(data, out);
            case "sentence" -> Html.text(data.sentence(), out);
            case "summary" -> SummaryCards.write(data.summary(), out);
            case "static" -> StaticTable.write(data, out);
            case "data" -> PageJson.write(data, out);
            default ->
                throw new IllegalStateException("the template has a placeholder without a value: " + placeholder);
        }
    }

    private static String title(PageData data) {
        return "Images and platforms of " + (data.cluster().isEmpty() ? "this cluster" : data.cluster());
    }

    private static String meta(PageData data) {
        return TIME.format(data.at()) + " \u00b7 " + data.source() + " " + data.version();
    }

    private static void partial(PageData data, Writer out) throws IOException {
        if (!data.partial().isEmpty()) {
            out.append("<p class=\"partial\"><strong>Not complete.</strong> ");
            Html.text(data.partial(), out);
            out.append("</p>\n");
        }
    }

    /** As a content security policy names a script or a style. */
    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the line ends that browsers make of every other, because the hash is about those. */
    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
