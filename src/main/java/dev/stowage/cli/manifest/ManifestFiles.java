package dev.stowage.cli.manifest;

import dev.stowage.image.Printable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Opens what {@code -f} names: files, folders, standard input. */
public final class ManifestFiles {

    private static final String EXTENSIONS = ".*\\.(yaml|yml|json)";

    /** Opens a file; tests put one in that may not be read, which a superuser never meets. */
    @FunctionalInterface
    interface Opener {
        InputStream open(Path file) throws IOException;
    }

    private final ManifestReader reader;
    private final InputStream standardInput;
    private final boolean recursive;
    private final Opener opener;

    /**
     * @param reader reads what is opened
     * @param standardInput the input that {@code -} names
     * @param recursive whether folders within folders are read too
     */
    public ManifestFiles(ManifestReader reader, InputStream standardInput, boolean recursive) {
        this(reader, standardInput, recursive, Files::newInputStream);
    }

    ManifestFiles(ManifestReader reader, InputStream standardInput, boolean recursive, Opener opener) {
        this.reader = reader;
        this.standardInput = standardInput;
        this.recursive = recursive;
        this.opener = opener;
    }

    /**
     * Reads all of these, also behind one that cannot be read.
     *
     * @param names files, folders, or {@code -}
     * @return the problems of inputs that could not be read, a sentence each; usually none
     */
    public List<String> read(List<String> names) {
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            try {
                if ("-".equals(name)) {
                    reader.read(name, standardInput, false);
                } else {
                    path(name, problems);
                }
            } catch (UnreadableManifestException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add(ioProblem(name, e));
            }
        }
        return problems;
    }

    private void path(String name, List<String> problems) throws IOException, UnreadableManifestException {
        if (name.matches("https?://.*")) {
            throw new UnreadableManifestException(
                    Printable.of(name) + " is a URL; fetch it first: curl -fsSL … | stowage check -f -");
        }
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new UnreadableManifestException(Printable.of(name) + " is not a valid file path");
        }
        if (Files.isDirectory(path)) {
            folder(name, path, problems);
        } else {
            file(name, path, false);
        }
    }

    private void folder(String name, Path folder, List<String> problems)
            throws IOException, UnreadableManifestException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder, recursive ? Integer.MAX_VALUE : 1)) {
            files = all.filter(file -> file.getFileName().toString().matches(EXTENSIONS))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (files.isEmpty()) {
            throw new UnreadableManifestException(
                    "the folder " + Printable.of(name) + " contains no .yaml, .yml or .json file"
                            + (recursive ? "" : "; -R also reads its subdirectories"));
        }
        for (Path file : files) {
            try {
                file(file.toString(), file, true);
            } catch (UnreadableManifestException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add(ioProblem(file.toString(), e));
            }
        }
    }

    private void file(String name, Path path, boolean aside) throws IOException, UnreadableManifestException {
        try (InputStream input = opener.open(path)) {
            reader.read(name, input, aside);
        }
    }

    private static String ioProblem(String name, IOException e) {
        String shown = "-".equals(name) ? "standard input" : Printable.of(name);
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return shown + " does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return shown + " cannot be read by this user (permission denied)";
        }
        return shown + " cannot be read: " + Printable.of(String.valueOf(e.getMessage()));
    }
}
