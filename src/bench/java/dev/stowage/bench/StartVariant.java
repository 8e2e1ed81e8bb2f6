package dev.stowage.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * One way of starting the application.
 *
 * @param name for the table
 * @param java the program
 * @param application the folder with {@code quarkus-run.jar}
 * @param training the options that make an archive; empty when there is none to make
 * @param options the options to measure with
 * @param environment variables of the process
 */
record StartVariant(
        String name,
        Path java,
        Path application,
        List<String> training,
        List<String> options,
        Map<String, String> environment) {

    /** What most people would start a small Java service with. */
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC");

    /** The memory limit of the chart: what the image's options take their percentages of. */
    private static final String LIMIT = "-XX:MaxRAM=512m";

    private static final int AOT_SINCE = 25;

    /** Each Java plainly and with the image's options, and those that can with an AOT cache. */
    static List<StartVariant> all(List<Path> homes, Path fast, Optional<Path> aot, List<String> more, Path work)
            throws IOException {
        List<StartVariant> variants = new ArrayList<>();
        List<String> image = imageOptions();
        Map<String, String> environment = imageEnvironment();
        for (Path home : homes) {
            Path java = home.resolve("bin").resolve("java");
            int release = release(home);
            String name = "JDK " + release;
            variants.add(
                    new StartVariant(name + ", " + String.join(" ", SMALL), java, fast, List.of(), SMALL, Map.of()));
            variants.add(new StartVariant(name + ", image", java, fast, List.of(), image, environment));
            if (release >= AOT_SINCE && aot.isPresent()) {
                String archive = work.resolve("aot-" + release).toString();
                variants.add(new StartVariant(
                        name + ", image, AOT cache",
                        java,
                        aot.get(),
                        plus(image, "-XX:AOTCacheOutput=" + archive),
                        plus(image, "-XX:AOTCache=" + archive),
                        environment));
            }
        }
        StartVariant last = variants.get(variants.size() - 1);
        for (String options : more) {
            variants.add(
                    new StartVariant(options, last.java(), fast, List.of(), List.of(options.split(" ")), environment));
        }
        return variants;
    }

    /** As the image starts it; JDKs that do not know an option pass over it. */
    private static List<String> imageOptions() throws IOException {
        List<String> options = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions", LIMIT));
        options.addAll(List.of(property("quarkus.jib.jvm-additional-arguments").split(",\\s*")));
        return options;
    }

    private static Map<String, String> imageEnvironment() throws IOException {
        String arenas = property("quarkus.jib.environment-variables.MALLOC_ARENA_MAX");
        return arenas.isEmpty() ? Map.of() : Map.of("MALLOC_ARENA_MAX", arenas);
    }

    private static String property(String key) throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
            properties.load(file);
        }
        return properties.getProperty(key, "");
    }

    private static List<String> plus(List<String> options, String one) {
        List<String> all = new ArrayList<>(options);
        all.add(one);
        return all;
    }

    private static int release(Path home) throws IOException {
        return Files.readAllLines(home.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> Integer.parseInt(line.replaceAll("\\D*(\\d+).*", "$1")))
                .findFirst()
                .orElse(0);
    }
}
