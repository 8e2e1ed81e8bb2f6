package dev.stowage.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of Stowage, as the build wrote it down. */
public final class Version {

    private Version() {}

    public static String current() {
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
