package dev.stowage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of Stowage, as the build wrote it down. */
final class Version {

    private Version() {}

    static String current() {
        try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            if (resource != null) {
                properties.load(resource);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
