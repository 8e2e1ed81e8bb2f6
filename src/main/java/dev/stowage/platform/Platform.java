package dev.stowage.platform;

import dev.stowage.image.Printable;
import java.util.List;
import java.util.Objects;

/**
 * The platform of an index entry, an image config or a node (image-spec {@code image-index.md}, "platform"). It is kept as
 * written; {@link #normalized()} gives the names that containerd compares.
 *
 * @param os operating system as Go names it ({@code linux}, {@code windows}); empty when none is written
 * @param architecture processor architecture as Go names it ({@code amd64}, {@code arm64}); empty when none is written
 * @param variant processor variant ({@code v7}); empty when none is written
 * @param osVersion operating system version, of use on Windows only ({@code 10.0.20348.2227}); empty when none is written
 * @param osFeatures operating system features ({@code win32k}); empty when none is written
 */
public record Platform(String os, String architecture, String variant, String osVersion, List<String> osFeatures) {

    public Platform {
        Objects.requireNonNull(os, "os");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(osVersion, "osVersion");
        osFeatures = List.copyOf(osFeatures);
    }

    /** A platform without version and features. */
    public static Platform of(String os, String architecture, String variant) {
        return new Platform(os, architecture, variant, "", List.of());
    }

    /** A platform without variant, version and features. */
    public static Platform of(String os, String architecture) {
        return of(os, architecture, "");
    }

    /**
     * Reads {@code os/architecture[/variant]} as a person writes it on a command line ({@code linux/arm64},
     * {@code linux/arm/v7}, {@code windows(10.0.20348)/amd64}) and normalises it.
     *
     * @throws IllegalArgumentException when it is not of that form; the message names the text and the form
     */
    public static Platform parse(String text) {
        return new PlatformParser(text).parse();
    }

    /**
     * This platform with the names that containerd compares (platforms/database.go): {@code x86_64} is {@code amd64}. An empty
     * operating system stays empty, because it means that of whoever compares. Costs nothing where the names are normal.
     */
    public Platform normalized() {
        String plainOs = PlatformNames.os(os);
        String plainArchitecture = PlatformNames.architecture(architecture);
        String plainVariant = PlatformNames.variant(architecture, variant);
        boolean normal = plainOs.equals(os) && plainArchitecture.equals(architecture) && plainVariant.equals(variant);
        return normal ? this : new Platform(plainOs, plainArchitecture, plainVariant, osVersion, osFeatures);
    }

    /** Whether this entry is a Nydus image, which only the nydus snapshotter unpacks (nydus: docs/nydus-image.md). */
    public boolean isNydus() {
        return !osFeatures.isEmpty() && osFeatures.contains("nydus.remoteimage.v1");
    }

    /** Whether this is the {@code unknown/unknown} that Buildx writes for attestations. */
    public boolean isUnknown() {
        return "unknown".equals(os) && "unknown".equals(architecture);
    }

    /**
     * {@code os/architecture[/variant]} as containerd writes it, with the version of a Windows behind its name
     * ({@code windows(10.0.20348)/amd64}); an empty part is shown as {@code ?}. Safe to print, whoever wrote the platform.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(os.isEmpty() ? "?" : os);
        if (!osVersion.isEmpty() && PlatformNames.WINDOWS.equalsIgnoreCase(os)) {
            text.append('(').append(osVersion).append(')');
        }
        text.append('/').append(architecture.isEmpty() ? "?" : architecture);
        if (!variant.isEmpty()) {
            text.append('/').append(variant);
        }
        return Printable.of(text.toString());
    }
}
