package dev.stowage.platform;

import dev.stowage.image.Printable;
import java.util.regex.Pattern;

/** How a node's container runtime chooses from an image index; the families differ in what they match and fetch. */
public enum RuntimeFamily {
    /** containerd before 2.1: fetches and runs sub-platforms (386 on amd64, 32-bit arm on arm64). */
    CONTAINERD_LEGACY("containerd < 2.1"),
    /** containerd 2.1 and newer, with its transfer service: selects sub-platforms but fetches the exact platform only. */
    CONTAINERD("containerd"),
    /** CRI-O and other users of containers/image: no normalisation, no sub-platforms of amd64 and arm64. */
    CRIO("cri-o");

    /** Versions 0, 1 and 2.0; read once for each change of a node. */
    private static final Pattern OLD_CONTAINERD = Pattern.compile("v?(?:[01](?!\\d)|2\\.0(?!\\d))");

    private final String label;

    RuntimeFamily(String label) {
        this.label = label;
    }

    /** The name that messages use. */
    public String label() {
        return label;
    }

    /** Whether it takes the type of what a reference names from the response to HEAD, rather than from that to GET. */
    public boolean trustsHeadContentType() {
        return this != CRIO;
    }

    /**
     * The family of a node that reports this in {@code status.nodeInfo.containerRuntimeVersion}, for example
     * {@code containerd://1.7.27} or {@code cri-o://1.33.1}. What is unknown or empty counts as today's containerd.
     */
    public static RuntimeFamily reportedAs(String containerRuntimeVersion) {
        int scheme = containerRuntimeVersion.indexOf("://");
        String name = scheme < 0 ? containerRuntimeVersion : containerRuntimeVersion.substring(0, scheme);
        if ("cri-o".equalsIgnoreCase(name)) {
            return CRIO;
        }
        boolean old = "containerd".equalsIgnoreCase(name)
                && scheme >= 0
                && OLD_CONTAINERD
                        .matcher(containerRuntimeVersion)
                        .region(scheme + 3, containerRuntimeVersion.length())
                        .lookingAt();
        return old ? CONTAINERD_LEGACY : CONTAINERD;
    }

    /**
     * The family that a person names with {@code --runtime}: {@code containerd}, {@code containerd-1}, {@code containerd-2.0},
     * {@code containerd-2.1}, {@code cri-o}.
     *
     * @throws IllegalArgumentException when it is none of these; the message names them
     */
    public static RuntimeFamily named(String text) {
        return switch (text) {
            case "containerd", "containerd-2.1" -> CONTAINERD;
            case "containerd-1", "containerd-2.0" -> CONTAINERD_LEGACY;
            case "cri-o" -> CRIO;
            default ->
                throw new IllegalArgumentException("unknown container runtime \"" + Printable.of(text)
                        + "\"; use containerd (2.1 or newer), containerd-1, containerd-2.0, containerd-2.1 or cri-o");
        };
    }
}
