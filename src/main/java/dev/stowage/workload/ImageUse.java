package dev.stowage.workload;

import java.util.Objects;

/**
 * One place in a pod spec that names an image.
 *
 * @param role what the image is for
 * @param name the container's or volume's name
 * @param image the reference as written; empty where a template leaves it open
 * @param neverPulled whether {@code imagePullPolicy: Never} keeps the kubelet from asking a registry
 */
public record ImageUse(Role role, String name, String image, boolean neverPulled) {

    /** What an image in a pod is for. */
    public enum Role {
        /** An init container that ends before the others start. */
        INIT("init container"),
        /** A restartable init container ({@code restartPolicy: Always}). */
        SIDECAR("sidecar"),
        /** A main container. */
        MAIN("container"),
        /** An ephemeral container ({@code kubectl debug}). */
        EPHEMERAL("ephemeral container"),
        /** An image volume: mounted as data, not run. */
        VOLUME("image volume");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** The name in messages. */
        public String label() {
            return label;
        }
    }

    public ImageUse {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
    }
}
