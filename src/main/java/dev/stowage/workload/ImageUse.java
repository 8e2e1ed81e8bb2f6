package dev.stowage.workload;

import java.util.Objects;

/**
 * One use of an image in a pod spec.
 *
 * @param role the role of the image in the pod
 * @param name the container's or volume's name
 * @param image the reference as written; empty if a template contains none
 * @param neverPulled whether {@code imagePullPolicy} is {@code Never}, so that the kubelet does not pull it
 * @param data whether the container runs a program from one of its volumes, so that the image only provides files
 */
public record ImageUse(Role role, String name, String image, boolean neverPulled, boolean data) {

    /** The role of an image in a pod. */
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

    /** A use of an image whose own program runs, or that is a volume. */
    public ImageUse(Role role, String name, String image, boolean neverPulled) {
        this(role, name, image, neverPulled, false);
    }

    public ImageUse {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
    }
}
