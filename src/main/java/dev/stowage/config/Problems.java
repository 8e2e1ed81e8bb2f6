package dev.stowage.config;

import dev.stowage.image.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gathers what is wrong with a configuration, so that one start tells it all. */
final class Problems {

    private final List<String> found = new ArrayList<>();

    /** Reads a value; where that cannot be, notes key, value and reason and goes on with what is used instead. */
    <T> T read(String key, String value, Function<String, T> reader, T instead) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            found.add(StowageConfig.PREFIX + "." + key + ": \"" + Printable.of(value) + "\" is not allowed: "
                    + e.getMessage());
            return instead;
        }
    }

    /** Builds a part from several values; where they do not go together, notes why. */
    <T> T build(String key, Supplier<T> builder, T instead) {
        try {
            return builder.get();
        } catch (IllegalArgumentException e) {
            found.add(StowageConfig.PREFIX + "." + key + ": " + e.getMessage());
            return instead;
        }
    }

    void throwIfAny(String source) {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(source, found);
        }
    }
}
