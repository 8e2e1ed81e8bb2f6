package dev.stowage.platform;

import java.util.Locale;

/** The names of platforms that containerd takes for one another (containerd/platforms: database.go). */
final class PlatformNames {

    static final String WINDOWS = "windows";

    private PlatformNames() {}

    static String os(String written) {
        String os = lower(written);
        return "macos".equals(os) ? "darwin" : os;
    }

    static String architecture(String written) {
        String architecture = lower(written);
        return switch (architecture) {
            case "x86_64", "x86-64" -> "amd64";
            case "aarch64" -> "arm64";
            case "i386" -> "386";
            case "armhf", "armel" -> "arm";
            default -> architecture;
        };
    }

    /**
     * @param writtenArchitecture the architecture as written, since {@code armhf} and {@code armel} say the variant too
     */
    static String variant(String writtenArchitecture, String written) {
        String variant = lower(written);
        return switch (lower(writtenArchitecture)) {
            case "i386" -> "";
            case "armhf" -> "v7";
            case "armel" -> "v6";
            case "amd64", "x86_64", "x86-64" -> "v1".equals(variant) ? "" : variant;
            case "arm64", "aarch64" -> arm64(variant);
            case "arm" -> arm(variant);
            default -> variant;
        };
    }

    private static String arm64(String variant) {
        return switch (variant) {
            case "8", "v8", "v8.0" -> "";
            case "9", "9.0", "v9.0" -> "v9";
            default -> variant;
        };
    }

    private static String arm(String variant) {
        return switch (variant) {
            case "", "7" -> "v7";
            case "5" -> "v5";
            case "6" -> "v6";
            case "8" -> "v8";
            default -> variant;
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
