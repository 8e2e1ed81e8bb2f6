package dev.stowage.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The namespace that this pod runs in. */
public final class OwnNamespace {

    private static final Path MOUNTED = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    /** Where the manifests put Stowage. */
    private static final String USUAL = "stowage";

    private OwnNamespace() {}

    /**
     * Finds it: {@code POD_NAMESPACE}, or what every pod has mounted next to its token.
     *
     * @param environment the environment's variables
     * @return nothing outside a cluster
     */
    public static Optional<String> find(Map<String, String> environment) {
        return find(environment, MOUNTED);
    }

    /** The same; where the manifests put Stowage when there is none. */
    public static String orUsual(Map<String, String> environment) {
        return find(environment).orElse(USUAL);
    }

    static Optional<String> find(Map<String, String> environment, Path mounted) {
        return Optional.ofNullable(environment.get("POD_NAMESPACE"))
                .or(() -> read(mounted))
                .map(String::strip)
                .filter(name -> !name.isEmpty());
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
