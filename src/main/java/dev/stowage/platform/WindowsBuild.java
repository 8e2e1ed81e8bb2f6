package dev.stowage.platform;

/**
 * Windows builds, the third number of an {@code os.version} such as {@code 10.0.20348.2227}, and which of them run on which
 * (containerd/platforms: platform_windows_compat.go).
 */
final class WindowsBuild {

    /** No version, or none with a build. */
    static final int UNREADABLE = -1;

    /** Windows Server 2022: the first that runs containers of another build. */
    private static final int LTSC_2022 = 20348;

    /** Windows Server 2025. */
    private static final int LTSC_2025 = 26100;

    private static final int MAX_DIGITS = 9;

    private WindowsBuild() {}

    /** The build in a version, or {@link #UNREADABLE}. */
    static int of(String version) {
        int first = version.indexOf('.');
        int second = first < 0 ? -1 : version.indexOf('.', first + 1);
        if (second < 0) {
            return UNREADABLE;
        }
        int third = version.indexOf('.', second + 1);
        int end = third < 0 ? version.length() : third;
        if (end == second + 1 || end - second > MAX_DIGITS) {
            return UNREADABLE;
        }
        int build = 0;
        for (int i = second + 1; i < end; i++) {
            char c = version.charAt(i);
            if (c < '0' || c > '9') {
                return UNREADABLE;
            }
            build = build * 10 + (c - '0');
        }
        return build;
    }

    /**
     * Whether a node of one build runs images of another: before Windows Server 2022 the same only, from then on all since the
     * long-term release before the node's.
     */
    static boolean runsOn(int node, int image) {
        if (node < LTSC_2022) {
            return node == image;
        }
        int oldest = node > LTSC_2025 ? LTSC_2025 : LTSC_2022;
        return oldest <= image && image <= node;
    }
}
