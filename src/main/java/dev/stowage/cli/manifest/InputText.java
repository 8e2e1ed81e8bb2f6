package dev.stowage.cli.manifest;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The text of an input: UTF-8, or UTF-16 with a byte order mark as PowerShell writes it. It remembers the first line that contains
 * {@code {{}, which distinguishes a template that was not rendered from a malformed manifest.
 */
final class InputText extends FilterReader {

    private static final int SNIFFED = 4096;

    private int line = 1;
    private int templateLine;
    private boolean brace;
    private boolean bounded;
    private int documentCharacters;
    private int dashes;
    private int word;

    private InputText(Reader text) {
        super(text);
    }

    /**
     * Decodes an input strictly: what is not text ends in a {@link java.nio.charset.CharacterCodingException}, not in
     * replacement characters.
     */
    static InputText of(InputStream input) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(input, 1 << 16);
        Charset charset = charset(bytes);
        return new InputText(new BufferedReader(
                new InputStreamReader(
                        bytes,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                1 << 16));
    }

    private static Charset charset(BufferedInputStream bytes) throws IOException {
        bytes.mark(3);
        int first = bytes.read();
        int second = bytes.read();
        int third = bytes.read();
        bytes.reset();
        if (first == 0xff && second == 0xfe) {
            bytes.skipNBytes(2);
            return StandardCharsets.UTF_16LE;
        }
        if (first == 0xfe && second == 0xff) {
            bytes.skipNBytes(2);
            return StandardCharsets.UTF_16BE;
        }
        if (first == 0xef && second == 0xbb && third == 0xbf) {
            bytes.skipNBytes(3);
        }
        return StandardCharsets.UTF_8;
    }

    /** Whether it begins as JSON does, and not as a template. */
    boolean beginsAsJson() throws IOException {
        in.mark(SNIFFED);
        int read = 0;
        int c = in.read();
        while (c != -1 && Character.isWhitespace(c) && read++ < SNIFFED - 2) {
            c = in.read();
        }
        boolean json = c == '{' && in.read() != '{';
        in.reset();
        return json;
    }

    /** From now on a document, up to a line that begins with {@code ---}, may not be longer than the bound; nor may a word. */
    void boundDocuments() {
        bounded = true;
    }

    /** The first line so far that contains {@code {{}; 0 when none did. */
    int templateLine() {
        return templateLine;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = offset; i < offset + read; i++) {
            passed(buffer[i]);
        }
        return read;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    private void passed(char c) {
        if (c == '{' && brace && templateLine == 0) {
            templateLine = line;
        }
        brace = c == '{';
        if (c == '\n') {
            line++;
            dashes = 0;
        } else {
            dashes = c == '-' && dashes >= 0 ? dashes + 1 : -1;
        }
        word = c > ' ' ? word + 1 : 0;
        if (bounded && word > Bounds.WORD_CHARACTERS) {
            throw new MalformedException(line, Bounds.TOO_LONG_WORD);
        }
        documentCharacters = dashes == 3 ? 0 : documentCharacters + 1;
        if (bounded && documentCharacters > Bounds.DOCUMENT_CHARACTERS) {
            throw new MalformedException(line, Bounds.TOO_LONG);
        }
    }
}
