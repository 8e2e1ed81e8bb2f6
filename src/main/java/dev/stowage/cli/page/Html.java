package dev.stowage.cli.page;

import java.io.IOException;
import java.io.Writer;

/** Foreign text in HTML. */
final class Html {

    private Html() {}

    /**
     * Writes text for an element or a quoted attribute. Every character that is not printable ASCII becomes a reference; those that
     * HTML does not allow become U+FFFD.
     */
    static void text(String text, Writer out) throws IOException {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean plain = c >= ' ' && c < 0x7f && "&<>\"'`=".indexOf(c) < 0;
            if (plain || c == '\n' || c == '\t') {
                out.append((char) c);
            } else {
                out.append("&#")
                        .append(Integer.toString(allowed(c) ? c : 0xfffd))
                        .append(';');
            }
        }
    }

    /** No control character, no half of a surrogate pair, nothing that Unicode says is no character. */
    private static boolean allowed(int c) {
        boolean control = Character.isISOControl(c);
        boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        boolean none = (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef;
        return !control && !half && !none;
    }
}
