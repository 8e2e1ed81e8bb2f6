package dev.stowage.cli.manifest;

import dev.stowage.image.Printable;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Opens what {@code -f} names: files, folders, standard input. */
public final class ManifestFiles {

    private static final String EXTENSIONS = ".*\\.(yaml|yml|json)";
    private static final String KUSTOMIZATION = "kustomization\\.ya?ml|Kustomization";
    private static final int HINTS = 3;

    /** Opens a file; tests put one in that may not be read, which a superuser never meets. */
    @FunctionalInterface
    interface Opener {
        InputStream open(Path file) throws IOException;
    }

    private final ManifestReader reader;
    private final InputStream standardInput;
    private final boolean recursive;
    private final Opener opener;
    private final List<String> skipped = new ArrayList<>();
    private final Set<Path> kustomizations = new LinkedHashSet<>();

    /**
     * @param reader reads what is opened
     * @param standardInput the input that {@code -} names
     * @param recursive whether folders within folders are read too
     */
    public ManifestFiles(ManifestReader reader, InputStream standardInput, boolean recursive) {
        this(reader, standardInput, recursive, ManifestFiles::open);
    }

    ManifestFiles(ManifestReader reader, InputStream standardInput, boolean recursive, Opener opener) {
        this.reader = reader;
        this.standardInput = standardInput;
        this.recursive = recursive;
        this.opener = opener;
    }

    /** A stream of NIO asks for its position, which pipes do not have. */
    private static InputStream open(Path file) throws IOException {
        return Files.isRegularFile(file) || !Files.exists(file)
                ? Files.newInputStream(file)
                : new FileInputStream(file.toFile());
    }

    /** What could not be read of folders so far, a sentence each. */
    public List<String> skipped() {
        List<String> all = new ArrayList<>(reader.skipped());
        all.addAll(skipped);
        return all;
    }

    /** Hints about what was read, a sentence each. */
    public List<String> hints() {
        List<String> hints = new ArrayList<>();
        for (Path folder : kustomizations) {
            if (hints.size() == HINTS) {
                hints.add("so do " + (kustomizations.size() - HINTS) + " more folders");
                break;
            }
            String shown = Printable.of(folder.toString());
            hints.add(shown + " contains a kustomization, which is not applied: kubectl kustomize " + shown
                    + " | stowage check -f -");
        }
        return hints;
    }

    /**
     * Reads all of these, also behind one that cannot be read.
     *
     * @param names files, folders, or {@code -}
     * @return the problems of named inputs that could not be read, a sentence each; usually none
     */
    public List<String> read(List<String> names) {
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            try {
                if ("-".equals(name)) {
                    reader.read(name, standardInput, false);
                } else {
                    path(name);
                }
            } catch (UnreadableManifestException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add(ioProblem(name, e));
            }
        }
        return problems;
    }

    private void path(String name) throws IOException, UnreadableManifestException {
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
            folder(name, path);
        } else {
            file(name, path, false);
        }
    }

    private void folder(String name, Path folder) throws IOException, UnreadableManifestException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                folder, EnumSet.noneOf(FileVisitOption.class), recursive ? Integer.MAX_VALUE : 1, visitor(files));
        if (files.isEmpty()) {
            throw new UnreadableManifestException(
                    "the folder " + Printable.of(name) + " contains no .yaml, .yml or .json file"
                            + (recursive ? "" : "; -R also reads its subdirectories"));
        }
        Collections.sort(files);
        for (Path file : files) {
            try {
                file(file.toString(), file, true);
            } catch (UnreadableManifestException e) {
                skipped.add(e.getMessage());
            } catch (IOException e) {
                skipped.add(ioProblem(file.toString(), e));
            }
        }
    }

    private FileVisitor<Path> visitor(List<Path> files) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.matches(KUSTOMIZATION)) {
                    kustomizations.add(file.getParent());
                }
                if (name.matches(EXTENSIONS) && Files.isRegularFile(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                skipped.add(ioProblem(file.toString(), e));
                return FileVisitResult.CONTINUE;
            }
        };
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
