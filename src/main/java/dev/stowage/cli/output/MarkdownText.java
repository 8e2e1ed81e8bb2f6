package dev.stowage.cli.output;

/** Text of others in GitHub Flavored Markdown: it stays text, in a cell of a table too. */
public final class MarkdownText {

    private MarkdownText() {}

    /** Nothing in it ends a code span or a cell. */
    public static String code(String text) {
        return "`" + line(text).replace('`', '\'').replace("|", "\\|") + "`";
    }

    /** Nothing in it is taken for Markdown, HTML or a mention. */
    public static String text(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : line(text).toCharArray()) {
            if (c == '<' || c == '>' || c == '&' || c == '@') {
                escaped.append("&#").append((int) c).append(';');
            } else {
                escaped.append("\\`*_[]|#~".indexOf(c) < 0 ? "" : "\\").append(c);
            }
        }
        return escaped.toString();
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
