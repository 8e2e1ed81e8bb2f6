package dev.stowage.steering;

import dev.stowage.node.Toleration;
import dev.stowage.platform.Platform;
import java.util.List;
import java.util.Objects;

/**
 * The settings of steering.
 *
 * @param mode in which namespaces pods are steered
 * @param preferences the platforms to prefer, for pods that run on several
 * @param tolerations the tolerations that pods get whose images run on a platform
 */
public record SteeringSettings(SteeringMode mode, List<Preference> preferences, List<PlatformToleration> tolerations) {

    /** Nothing is steered. */
    public static final SteeringSettings OFF = new SteeringSettings(SteeringMode.OFF, List.of(), List.of());

    /**
     * A platform to prefer.
     *
     * @param platform {@code os/architecture}
     * @param weight 1 to 100, as the scheduler adds it
     */
    public record Preference(Platform platform, int weight) {
        public Preference {
            Objects.requireNonNull(platform, "platform");
            if (weight < 1 || weight > 100) {
                throw new IllegalArgumentException("steering.preferences: a weight is 1 to 100, not " + weight);
            }
        }
    }

    /**
     * A toleration for nodes of a platform.
     *
     * @param platform {@code os/architecture}
     * @param toleration the toleration
     */
    public record PlatformToleration(Platform platform, Toleration toleration) {
        public PlatformToleration {
            Objects.requireNonNull(platform, "platform");
            Objects.requireNonNull(toleration, "toleration");
        }
    }

    /** Whether pods of any namespace may be steered. */
    public boolean isOn() {
        return mode != SteeringMode.OFF;
    }

    public SteeringSettings {
        Objects.requireNonNull(mode, "mode");
        preferences = List.copyOf(preferences);
        tolerations = List.copyOf(tolerations);
    }
}
