package dev.stowage.cli.output;

import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Verdict;
import java.util.Objects;
import java.util.Optional;

/**
 * A result of {@code stowage check}: whether nodes of one profile run one image that is named at one place.
 *
 * @param image the image as written, safe to print
 * @param profile the nodes
 * @param verdict whether they run it
 * @param source the place that names it; empty for an image given on the command line
 */
public record ImageCheck(String image, NodeProfile profile, Verdict verdict, Optional<Source> source) {

    /**
     * The place in a manifest that names an image.
     *
     * @param kind the workload's kind
     * @param name its name
     * @param namespace its namespace; empty when the manifest names none
     * @param container the name of the container or image volume; the path of the field if a custom resource names the image
     * @param path the path of the pod template; empty if the kind says it
     * @param file the manifest's file as given or found; {@code -} for standard input
     * @param line the line of the image, counted from 1
     */
    public record Source(
            String kind, String name, String namespace, String container, String path, String file, int line) {
        public Source {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(container, "container");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(file, "file");
        }

        /** The container in words, with its pod template if the kind has several. */
        public String place() {
            if (path.isEmpty() || container.isEmpty()) {
                return container + path;
            }
            return container + " in " + path;
        }

        /** The workload in words: {@code Deployment shop/web}. */
        public String workload() {
            return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
        }
    }

    public ImageCheck {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(source, "source");
    }

    /** The platform as {@code --platform} takes it: {@code linux/arm64}, {@code windows(10.0.20348)/amd64}. */
    public String platform() {
        return profile.platform().toString();
    }
}
