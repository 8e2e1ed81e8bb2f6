package dev.stowage.registry.credentials.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A folder of real plug-ins, which are small shell scripts, and their configuration. */
public final class PluginFolder {

    /** The version that the configurations of tests name. */
    public static final String VERSION = "credentialprovider.kubelet.k8s.io/v1";

    private final Path folder;

    /** @param folder an empty folder */
    public PluginFolder(Path folder) {
        this.folder = folder;
    }

    /** Installs a plug-in; {@code $D} in the script is the folder, and each run adds a line to the file {@code runs}. */
    public PluginFolder install(String name, String script) {
        try {
            Path file = folder.resolve(name);
            Files.writeString(file, "#!/bin/sh\nD='" + folder + "'; echo run >> \"$D/runs\"\n" + script + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The script that prints a response. */
    public static String respond(String cacheKeyType, String cacheDuration, String auth) {
        String duration = cacheDuration.isEmpty() ? "" : ",\"cacheDuration\":\"" + cacheDuration + "\"";
        return print("{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"" + VERSION + "\",\"cacheKeyType\":\""
                + cacheKeyType + "\"" + duration + ",\"auth\":{" + auth + "}}");
    }

    /** The script that prints a text. */
    static String print(String text) {
        return "cat <<'END'\n" + text + "\nEND";
    }

    /** An entry of {@code auth}. */
    public static String auth(String key, String user, String password) {
        return "\"" + key + "\":{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}";
    }

    /** The configuration of one plug-in, in JSON. */
    public static String provider(String name, String matchImages, String defaultCacheDuration) {
        return "{\"name\":\"" + name + "\",\"apiVersion\":\"" + VERSION + "\",\"matchImages\":[\"" + matchImages
                + "\"],\"defaultCacheDuration\":\"" + defaultCacheDuration + "\"}";
    }

    /** Reads the configuration with these providers. */
    public List<PluginSpec> specs(String... providers) {
        try {
            Path config = Files.writeString(
                    folder.resolve("config.json"),
                    "{\"apiVersion\":\"kubelet.config.k8s.io/v1\",\"kind\":\"CredentialProviderConfig\",\"providers\":["
                            + String.join(",", providers) + "]}");
            return PluginConfigReader.read(config, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often plug-ins were run. */
    public int runs() {
        return lines("runs").size();
    }

    /** The lines of a file that a script wrote; none while there is no such file. */
    List<String> lines(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the scripts go on that wait for it: {@link #WAIT}. */
    void go() {
        try {
            Files.createFile(folder.resolve("go"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of a script that waits for {@link #go()}. */
    static final String WAIT = "while ! [ -e \"$D/go\" ]; do sleep 0.02; done\n";
}
