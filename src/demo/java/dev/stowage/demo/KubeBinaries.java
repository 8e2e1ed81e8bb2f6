package dev.stowage.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The binaries of a real API server, laid out as fabric8's kube-api-test keeps them:
 * {@code directory/k8s/VERSION-OS-ARCH/{etcd,kube-apiserver,kubectl}}.
 *
 * @param directory the folder that {@code KUBE_API_TEST_DIR} names
 * @param version the API server's version, without {@code v}: {@code 1.34.4}
 * @param binaries the folder that holds the programs
 */
public record KubeBinaries(Path directory, String version, Path binaries) {

    /** How people get the binaries: a clause that begins with the command. */
    public static final String HOW_TO_GET_THEM =
            "hack/kube-binaries gets them (a download, or some minutes of building from Go modules)";

    /** Names the only version that is looked for; kube-api-test's own variable. */
    public static final String VERSION = "KUBE_API_TEST_API_SERVER_VERSION";

    /**
     * Looks for the binaries: in {@code KUBE_API_TEST_DIR} and nowhere else when that is set, else in kube-api-test's own
     * folder, else where {@code hack/kube-binaries} puts them. The version that {@value #VERSION} names, or else the newest,
     * for this machine's platform is found.
     *
     * @param environment the process's environment variables
     * @param home the user's home folder
     * @return the binaries, or nothing when no folder has both etcd and the API server
     */
    public static Optional<KubeBinaries> find(Map<String, String> environment, Path home) {
        String version = environment.getOrDefault(VERSION, "");
        return places(environment, home).values().stream()
                .flatMap(place -> newest(place, version).stream())
                .findFirst();
    }

    /** The folders that {@link #find} looks into, in order, by what makes it look there. */
    public static Map<String, Path> places(Map<String, String> environment, Path home) {
        Map<String, Path> places = new LinkedHashMap<>();
        Optional<Path> told = folder(environment, "KUBE_API_TEST_DIR");
        if (told.isPresent()) {
            places.put("KUBE_API_TEST_DIR", told.get());
            return places;
        }
        places.put("kube-api-test", home.resolve(".kubeapitest"));
        places.put("hack/kube-binaries", recipeFolder(environment, home));
        return places;
    }

    /** The folder where {@code hack/kube-binaries} puts everything, whether it was run or not. */
    public static Path recipeFolder(Map<String, String> environment, Path home) {
        // the shell's HOME, which need not be the home folder that Java knows
        Path cache = folder(environment, "XDG_CACHE_HOME")
                .orElseGet(() -> folder(environment, "HOME").orElse(home).resolve(".cache"));
        return folder(environment, "STOWAGE_KUBE_BINARIES")
                .orElse(cache.resolve("stowage").resolve("kube-binaries"));
    }

    /** The etcd program. */
    public Path etcd() {
        return binaries.resolve("etcd");
    }

    /** The API server program. */
    public Path apiServer() {
        return binaries.resolve("kube-apiserver");
    }

    /** The kubectl that came with them; nothing when there is none. */
    public Optional<Path> kubectl() {
        return Optional.of(binaries.resolve("kubectl")).filter(Files::isExecutable);
    }

    private boolean complete() {
        return Files.isExecutable(etcd()) && Files.isExecutable(apiServer());
    }

    /** The newest of this version; of all, if it is blank. */
    private static Optional<KubeBinaries> newest(Path directory, String version) {
        Path versions = directory.resolve("k8s");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        String suffix = "-" + platform();
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.filter(folder -> folder.getFileName().toString().endsWith(suffix))
                    .map(folder -> new KubeBinaries(directory, versionOf(folder, suffix), folder))
                    .filter(found -> version.isBlank() || found.version().equals(version))
                    .filter(KubeBinaries::complete)
                    .max(Comparator.comparing(KubeBinaries::version, KubeBinaries::compareVersions));
        } catch (IOException e) {
            // A folder that cannot be read holds no binaries that could be run.
            return Optional.empty();
        }
    }

    private static String versionOf(Path folder, String suffix) {
        String name = folder.getFileName().toString();
        return name.substring(0, name.length() - suffix.length());
    }

    static int compareVersions(String left, String right) {
        List<Integer> ours = numbers(left);
        List<Integer> theirs = numbers(right);
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            int order = ours.get(i).compareTo(theirs.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(ours.size(), theirs.size());
    }

    private static List<Integer> numbers(String version) {
        return Stream.of(version.split("\\D+"))
                .filter(part -> !part.isEmpty() && part.length() < 9)
                .map(Integer::valueOf)
                .toList();
    }

    /** This machine, as the folders of binaries name it: {@code linux-amd64}. */
    static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux")
                + "-"
                + switch (arch) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> arch;
                };
    }

    private static Optional<Path> folder(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }
}
