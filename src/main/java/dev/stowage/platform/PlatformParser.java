package dev.stowage.platform;

import dev.stowage.image.Printable;
import java.util.List;

/** A platform as a person writes it: {@code os[(version)]/architecture[/variant]}. */
final class PlatformParser {

    private final String text;

    PlatformParser(String text) {
        this.text = text;
    }

    Platform parse() {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw malformed();
        }
        String os = parts[0];
        String version = "";
        int bracket = os.indexOf('(');
        if (bracket >= 0) {
            if (!os.endsWith(")")) {
                throw malformed();
            }
            version = os.substring(bracket + 1, os.length() - 1);
            os = os.substring(0, bracket);
            checkVersion(os, version);
        }
        String variant = parts.length == 3 ? parts[2] : "";
        if (!isName(os) || !isName(parts[1]) || parts.length == 3 && !isName(variant)) {
            throw malformed();
        }
        return new Platform(os, parts[1], variant, version, List.of()).normalized();
    }

    private void checkVersion(String os, String version) {
        if (!PlatformNames.WINDOWS.equalsIgnoreCase(os)) {
            throw invalid("only a Windows platform has an OS version; leave it out");
        }
        if (WindowsBuild.of(version) == WindowsBuild.UNREADABLE) {
            throw invalid("a Windows version is written windows(10.0.20348)/amd64");
        }
    }

    private static boolean isName(String part) {
        return !part.isEmpty() && part.chars().allMatch(PlatformParser::isNameCharacter);
    }

    private static boolean isNameCharacter(int c) {
        boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        return alphanumeric || c == '_' || c == '.' || c == '-';
    }

    private IllegalArgumentException malformed() {
        return invalid("write os/architecture or os/architecture/variant, for example linux/arm64 or linux/arm/v7");
    }

    private IllegalArgumentException invalid(String fix) {
        return new IllegalArgumentException("invalid platform \"" + Printable.of(text) + "\": " + fix);
    }
}
