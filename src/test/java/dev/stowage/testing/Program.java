package dev.stowage.testing;

import dev.stowage.demo.KubeBinaries;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real program that tests run: an API server, the CNCF registry, {@code helm}, {@code kubeconform}. A test that uses one is
 * annotated with {@link RequiresProgram}.
 */
public final class Program {

    /** The Kubernetes API server; it is found together with its etcd. */
    public static final String API_SERVER = "kube-apiserver";

    /** The CNCF registry. */
    public static final String REGISTRY = "registry";

    /** A browser, with its driver. */
    public static final String CHROMIUM = "chromium";

    /** The driver of {@link #CHROMIUM}. */
    public static final String CHROMEDRIVER = "chromedriver";

    /** Programs of the machine, found in {@code PATH}, by the names that they have on some machine. */
    private static final Map<String, List<String>> IN_PATH = Map.of(
            CHROMIUM, List.of("chromium", "chromium-browser", "google-chrome"), CHROMEDRIVER, List.of("chromedriver"));

    /** Names a folder with programs. */
    private static final String FOLDER = "KUBE_BIN";

    private static final long PATIENCE_SECONDS = 120;

    private final Path file;

    /**
     * What came of running it.
     *
     * @param code its exit code
     * @param out what it said on both streams
     */
    public record Result(int code, String out) {}

    private Program(Path file) {
        this.file = file;
    }

    /**
     * The program of this name.
     *
     * @throws IllegalStateException when it is not on this machine
     */
    public static Program named(String name) {
        return new Program(find(name).orElseThrow(() -> new IllegalStateException(missing(name))));
    }

    /** The binaries of the API server, if they are on this machine. */
    public static Optional<KubeBinaries> kubeBinaries() {
        return KubeBinaries.find(System.getenv(), home());
    }

    /** Looks for a program as {@code hack/kube-binaries} lays it out, and in {@code KUBE_BIN}; for a browser in {@code PATH}. */
    static Optional<Path> find(String name) {
        return find(name, System.getenv(), home());
    }

    static Optional<Path> find(String name, Map<String, String> environment, Path home) {
        if (IN_PATH.containsKey(name)) {
            return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                    .filter(folder -> !folder.isEmpty())
                    .flatMap(folder -> IN_PATH.get(name).stream().map(Path.of(folder)::resolve))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
        Optional<KubeBinaries> binaries = KubeBinaries.find(environment, home);
        if (name.equals(API_SERVER)) {
            return binaries.map(KubeBinaries::apiServer);
        }
        return Stream.of(
                        Optional.ofNullable(environment.get(FOLDER)).map(Path::of),
                        Optional.of(KubeBinaries.recipeFolder(environment, home).resolve("bin")),
                        binaries.map(found -> found.directory().resolve("bin")),
                        binaries.map(KubeBinaries::binaries))
                .flatMap(Optional::stream)
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** One line on a missing program that says how to get it. */
    static String missing(String name) {
        if (IN_PATH.containsKey(name)) {
            return "no " + name
                    + " on this machine: PATH must contain it (Debian's packages chromium and chromium-driver)";
        }
        boolean ours = Set.of(API_SERVER, REGISTRY, "promtool").contains(name);
        return "no " + name + " on this machine: "
                + (ours
                        ? "hack/kube-binaries gets it (a download, or a build from Go modules)"
                        : FOLDER + " names the folder with one");
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    /** The program's file. */
    public Path file() {
        return file;
    }

    /** Runs it to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("stowage-program", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still runs: " + String.join(" ", command));
            }
            return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
        }
    }
}
