package dev.stowage.serve;

import dev.stowage.config.ConfigLoader;
import dev.stowage.config.InvalidConfigException;
import dev.stowage.config.Settings;
import dev.stowage.config.Settings.Place;
import dev.stowage.config.StowageConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The configuration file of a running webhook. It is looked at again and again rather than watched, because a mounted ConfigMap
 * changes by swapping links, which file watchers miss.
 */
public final class ConfigFile {

    private static final Logger LOG = System.getLogger(ConfigFile.class.getName());

    private final Optional<Path> path;
    private final Place place;
    private final Map<String, String> environment;
    private final ConfigLoader loader;
    private StowageConfig config;
    private volatile Settings settings;
    private volatile Optional<String> problem = Optional.empty();

    /**
     * Reads the file that the environment names ({@link ConfigLoader#VARIABLE}); without one the defaults hold.
     *
     * @throws InvalidConfigException when it cannot be used; the message says what is wrong
     */
    public ConfigFile(Map<String, String> environment, Place place) {
        this.environment = Map.copyOf(environment);
        this.path = Optional.ofNullable(environment.get(ConfigLoader.VARIABLE))
                .filter(name -> !name.isBlank())
                .map(Path::of);
        this.place = place;
        this.loader = new ConfigLoader(environment);
        this.config = loader.load(path);
        this.settings = read(config);
    }

    /** What the file said at the start, for what cannot change later. */
    public StowageConfig atStart() {
        return config;
    }

    /** What is in force. */
    public Settings settings() {
        return settings;
    }

    /** What is wrong with the file now, when it cannot be used and an older one is in force. */
    public Optional<String> problem() {
        return problem;
    }

    /**
     * Looks at the file again. When it cannot be used, what was in force stays so, and the log says why, once.
     *
     * @param changed told of the new settings when they differ
     */
    public synchronized void look(Consumer<Settings> changed) {
        if (path.isEmpty()) {
            return;
        }
        Settings found;
        try {
            found = read(loader.load(path));
        } catch (InvalidConfigException e) {
            if (!problem.equals(Optional.of(e.getMessage()))) {
                LOG.log(
                        Level.ERROR,
                        "the configuration in force stays, since the new one is not valid: {0}",
                        e.getMessage());
            }
            problem = Optional.of(e.getMessage());
            return;
        }
        problem = Optional.empty();
        if (!found.equals(settings)) {
            settings = found;
            LOG.log(Level.INFO, "a changed configuration is in force");
            changed.accept(found);
        }
    }

    private Settings read(StowageConfig read) {
        return Settings.of(read, path.map(Path::toString).orElse("the environment"), place, environment);
    }
}
