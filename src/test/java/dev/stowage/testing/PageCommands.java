package dev.stowage.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands that the pages show, as bash reads them: it runs the blocks in an empty folder and without any program, and each
 * program that it would have run is recorded with its arguments.
 */
public final class PageCommands {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w*)\\n(.*?)^ *```$");
    private static final Pattern INLINE = Pattern.compile("`((?:stowage|helm|kubectl) [^`]+)`");
    private static final String END = "\n";
    /** A file for each command, since those of a pipe run at the same time. */
    private static final String RECORDER =
            "command_not_found_handle() { printf '%s\\0' \"$@\" $'\\n' > \"$RECORD.$BASHPID\"; }\n";

    private static final long PATIENCE_SECONDS = 60;

    /**
     * A block of a page between fences.
     *
     * @param place the page and the line
     * @param language what the fence says of it; empty if it says nothing
     * @param text its lines
     */
    public record Block(String place, String language, String text) {

        /** What is typed: all of {@code sh}, the lines after a prompt of {@code console}, nothing of others. */
        public String script() {
            return switch (language) {
                case "sh" -> text;
                case "console" -> typed(text);
                default -> "";
            };
        }

        private static String typed(String text) {
            StringBuilder script = new StringBuilder();
            boolean goesOn = false;
            for (String line : text.lines().map(String::strip).toList()) {
                if (goesOn || line.startsWith("$ ")) {
                    script.append(goesOn ? line : line.substring(2)).append('\n');
                    goesOn = line.endsWith("\\");
                }
            }
            return script.toString();
        }

        @Override
        public String toString() {
            return place;
        }
    }

    /**
     * A program with its arguments.
     *
     * @param place the page and the line
     * @param mention whether it is named in a sentence, where arguments may be left out
     * @param words the program's name and its arguments
     */
    public record Command(String place, boolean mention, List<String> words) {

        /** The name of the program. */
        public String program() {
            return words.get(0);
        }

        /** The arguments. */
        public List<String> arguments() {
            return words.subList(1, words.size());
        }

        @Override
        public String toString() {
            return place + ": " + String.join(" ", words);
        }
    }

    private PageCommands() {}

    /** The pages of the repository, by name. */
    public static List<Path> pages() {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(
                                            "README.md",
                                            "CONTRIBUTING.md",
                                            "SECURITY.md",
                                            "CHANGELOG.md",
                                            "helm/stowage/README.md")
                                    .map(Path::of),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The blocks of all pages. */
    public static List<Block> blocks() {
        return pages().stream().flatMap(page -> blocks(page).stream()).toList();
    }

    private static List<Block> blocks(Path page) {
        String text = read(page);
        return BLOCK.matcher(text)
                .results()
                .map(block -> new Block(place(page, text, block.start()), block.group(2), block.group(3)))
                .toList();
    }

    /** The commands of all pages, in blocks and in sentences. */
    public static List<Command> all() throws IOException, InterruptedException {
        List<Command> commands = new ArrayList<>();
        for (Block block : blocks()) {
            commands.addAll(recorded(block.place(), false, block.script()));
        }
        for (Path page : pages()) {
            String text = read(page);
            String prose = BLOCK.matcher(text).replaceAll(block -> Matcher.quoteReplacement(blank(block.group())));
            for (var span : INLINE.matcher(prose).results().toList()) {
                commands.addAll(recorded(
                        place(page, text, span.start()), true, span.group(1).replace("\\|", "|")));
            }
        }
        return commands;
    }

    /**
     * What bash says of a script without running it.
     *
     * @return nothing if it is right
     */
    public static String syntaxErrors(String script) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("stowage-page");
        try {
            return bash(script, folder, "-n");
        } finally {
            delete(folder);
        }
    }

    private static List<Command> recorded(String place, boolean mention, String script)
            throws IOException, InterruptedException {
        if (script.isEmpty()) {
            return List.of();
        }
        Path folder = Files.createTempDirectory("stowage-page");
        try {
            bash(RECORDER + script, folder);
            List<Command> commands = new ArrayList<>();
            try (Stream<Path> records = Files.list(folder)) {
                for (Path record : records.sorted().toList()) {
                    if (record.getFileName().toString().startsWith("record.")) {
                        commands.addAll(commands(place, mention, Files.readString(record)));
                    }
                }
            }
            return commands;
        } finally {
            delete(folder);
        }
    }

    private static List<Command> commands(String place, boolean mention, String record) {
        List<Command> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : record.split("\0")) {
            if (word.equals(END)) {
                commands.add(new Command(place, mention, List.copyOf(words)));
                words.clear();
            } else {
                words.add(word);
            }
        }
        return commands;
    }

    private static String bash(String script, Path folder, String... options) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script"), script);
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(options));
        command.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectory(folder.resolve("work")).toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        "/nonexistent",
                        "HOME",
                        folder.toString(),
                        "RECORD",
                        folder.resolve("record").toString(),
                        "GITHUB_STEP_SUMMARY",
                        "summary"));
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("bash does not end:\n" + script);
        }
        return Files.readString(out);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static String place(Path page, String text, int offset) {
        return page + ":"
                + (1 + text.substring(0, offset).chars().filter(c -> c == '\n').count());
    }

    private static String blank(String text) {
        return text.lines().map(line -> "").collect(Collectors.joining("\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
