package dev.stowage.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs out of samples: bytes, tokens and pieces changed, repeated, moved and nested. */
final class Mutator {

    private static final int LONGEST = 1 << 20;

    private static final List<String> TOKENS = List.of(
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "{",
            "}",
            "[",
            "]",
            "[[[[[[[[",
            "{\"a\":",
            ",",
            ":",
            "null",
            "true",
            "-1",
            "1e999999999",
            "9223372036854775808",
            "0.1",
            "NaN",
            "\u0000",
            "\u00e9",
            "\ud83d\ude00",
            "\u202e",
            "\r\n",
            "\t",
            " ",
            "",
            "&a ",
            "*a",
            "<<: ",
            "---\n",
            "!!binary ",
            "? ",
            "|",
            ">",
            "#",
            "%",
            "../",
            "@",
            "sha256:",
            "=",
            ";",
            "=\"",
            "Bearer ",
            "Basic ",
            "*",
            "?",
            "\\*",
            "[^a",
            "[::ffff:127.0.0.1]",
            "169.254.169.254",
            "0x7f.1",
            "linux",
            "unknown",
            "AaAaAaAa",
            "BBBBBBBB");

    private final Random random;
    private final List<String> samples;

    Mutator(Random random, List<String> samples) {
        this.random = random;
        this.samples = samples;
    }

    byte[] next() {
        byte[] input = sample();
        int steps = 1 + random.nextInt(6);
        for (int step = 0; step < steps; step++) {
            input = mutate(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] sample() {
        return bytes(samples.get(random.nextInt(samples.size())));
    }

    private byte[] mutate(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(1 + (random.nextInt(4) == 0 ? input.length : 12)));
        byte[] piece = Arrays.copyOfRange(input, from, to);
        return switch (random.nextInt(9)) {
            case 0 -> splice(input, from, to, new byte[0]);
            case 1 -> splice(input, from, from, piece(random.nextInt(8)));
            case 2 -> splice(input, from, to, piece(piece.length));
            case 3 -> splice(input, from, to, bytes(TOKENS.get(random.nextInt(TOKENS.size()))));
            case 4 -> splice(input, from, from, bytes(TOKENS.get(random.nextInt(TOKENS.size()))));
            case 5 -> splice(input, from, to, repeated(piece));
            case 6 -> splice(input, from, from, repeated(bytes(TOKENS.get(random.nextInt(TOKENS.size())))));
            case 7 -> splice(input, random.nextInt(input.length + 1), piece);
            default -> splice(input, from, sample());
        };
    }

    private byte[] piece(int length) {
        byte[] piece = new byte[length];
        random.nextBytes(piece);
        return piece;
    }

    /** Seldom long: what is not linear shows itself then. */
    private byte[] repeated(byte[] piece) {
        if (piece.length == 0) {
            return piece;
        }
        int most = random.nextInt(50) == 0 ? 200_000 : 40;
        int times = Math.min(1 + random.nextInt(most), LONGEST / piece.length);
        byte[] repeated = new byte[piece.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(piece, 0, repeated, i * piece.length, piece.length);
        }
        return repeated;
    }

    private static byte[] splice(byte[] input, int at, byte[] piece) {
        return splice(input, at, at, piece);
    }

    private static byte[] splice(byte[] input, int from, int to, byte[] piece) {
        byte[] spliced = new byte[from + piece.length + input.length - to];
        System.arraycopy(input, 0, spliced, 0, from);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(input, to, spliced, from + piece.length, input.length - to);
        return spliced;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
