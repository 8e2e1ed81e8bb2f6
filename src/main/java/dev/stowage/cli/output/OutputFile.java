package dev.stowage.cli.output;

import dev.stowage.image.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The files of {@code --output-file}. */
public final class OutputFile {

    private OutputFile() {}

    /**
     * Writes a result to a file.
     *
     * @param terminal the terminal of the command
     * @param writer writes the result to a terminal
     * @throws StoppedException when the file cannot be written
     */
    public static void write(Path file, Terminal terminal, Consumer<Terminal> writer) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        writer.accept(terminal.instead(content));
        try {
            Files.write(file, content.toByteArray());
        } catch (IOException e) {
            throw new StoppedException(
                    ExitCode.USAGE, "cannot write --output-file " + Printable.of(file.toString()) + ": " + problem(e));
        }
    }

    /** Why a file cannot be written, in one clause. */
    public static String problem(IOException e) {
        return e instanceof NoSuchFileException
                ? "its directory does not exist"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : Printable.of(String.valueOf(e.getMessage()));
    }
}
