package dev.stowage.config;

import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.image.Printable;
import dev.stowage.kube.ObjectName;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Action;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.net.Cidr;
import dev.stowage.steering.SteeringMode;
import dev.stowage.text.Glob;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ExtendedResources;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Turns the texts of a configuration into the domain's types. A converter's error continues the sentence {@code key: "value"}: it
 * says what the value is not, and what is allowed.
 */
final class Converters {

    // above the converters that Quarkus registers
    private static final int PRIORITY = 1000;

    private static final String DURATIONS = "a duration such as 500ms, 5s, 10m or 1h";
    private static final String PLATFORMS =
            "os/architecture[/variant], such as linux/arm64 or windows(10.0.20348)/amd64";
    private static final String RUNTIMES = String.join(", ", RuntimeFamily.NAMES);
    private static final String MIRRORS =
            "a host or base URL, or a folder and a host, such as team/ -> harbor.example/copies/";

    private Converters() {}

    /** Registers the converters of all types; a class below is for a key that allows less than its type. */
    static SmallRyeConfigBuilder register(SmallRyeConfigBuilder builder) {
        add(builder, Mode.class, oneOf(Mode.class, "mode"));
        add(builder, Placement.class, oneOf(Placement.class, "placement"));
        add(builder, Action.class, oneOf(Action.class, "action"));
        add(builder, Verification.class, oneOf(Verification.class, "verification"));
        add(builder, TlsSettings.Mode.class, oneOf(TlsSettings.Mode.class, "mode"));
        add(builder, StowageConfig.Karpenter.class, oneOf(StowageConfig.Karpenter.class, "setting"));
        add(builder, ReportsConfig.Export.class, oneOf(ReportsConfig.Export.class, "export"));
        add(builder, SteeringMode.class, oneOf(SteeringMode.class, "mode"));
        add(builder, CloudCredentialsConfig.Use.class, oneOf(CloudCredentialsConfig.Use.class, "setting"));
        add(builder, Boolean.class, Converters::bool);
        add(builder, Duration.class, Converters::duration);
        MemorySizeConverter sizes = new MemorySizeConverter();
        add(builder, MemorySize.class, text -> read(text, sizes::convert, "size", "a size such as 64M or 1G"));
        add(builder, Glob.class, text -> read(text, Glob::new, "pattern", "a name or a glob such as team-*"));
        add(builder, Platform.class, text -> read(text, Platform::parse, "platform", PLATFORMS));
        add(builder, RuntimeFamily.class, text -> read(text, RuntimeFamily::named, "container runtime", RUNTIMES));
        add(builder, Cidr.class, text -> read(text, Cidr::parse, "network", "a CIDR range such as 10.0.0.0/8"));
        add(builder, Mirror.class, text -> read(text, Mirror::parse, "mirror", MIRRORS));
        add(builder, ObjectName.class, text -> read(text, ObjectName::parse, "object name", "namespace/name"));
        add(builder, Certificates.class, text -> text.isEmpty() ? null : Certificates.read(text));
        return builder;
    }

    private static <T> void add(SmallRyeConfigBuilder builder, Class<T> type, Converter<T> converter) {
        builder.withConverter(type, PRIORITY, converter);
    }

    /** The constants of an enum, in any case. */
    private static <E extends Enum<E>> Converter<E> oneOf(Class<E> type, String what) {
        String allowed = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return text -> read(text, said -> Enum.valueOf(type, constant(said)), what, allowed);
    }

    /** YAML 1.1 reads an unquoted {@code off} as false. */
    private static String constant(String text) {
        return text.equals("false") ? "OFF" : text.toUpperCase(Locale.ROOT);
    }

    /** SmallRye's own converter reads every other text as false. */
    private static @Nullable Boolean bool(String text) {
        return read(text, Boolean::valueOf, value -> value || "false".equalsIgnoreCase(text), "boolean", "true, false");
    }

    private static @Nullable Duration duration(String text) {
        return read(text, DurationConverter::parseDuration, time -> !time.isNegative(), "duration", DURATIONS);
    }

    /** Null for an empty text: SmallRye treats it as missing, which is an error unless the key is optional. */
    private static <T> @Nullable T read(String text, Function<String, T> reader, String what, String allowed) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw invalid(what, allowed);
        }
    }

    private static <T> @Nullable T read(
            String text, Function<String, T> reader, Predicate<T> condition, String what, String allowed) {
        T value = read(text, reader, what, allowed);
        if (value != null && !condition.test(value)) {
            throw invalid(what, allowed);
        }
        return value;
    }

    private static IllegalArgumentException invalid(String what, String allowed) {
        return new IllegalArgumentException("is not a valid " + what + "; allowed: " + allowed);
    }

    /** A duration longer than zero. */
    public static final class PositiveDuration implements Converter<Duration> {
        @Override
        public @Nullable Duration convert(String text) {
            return read(
                    text,
                    DurationConverter::parseDuration,
                    time -> time.compareTo(Duration.ZERO) > 0,
                    "duration",
                    DURATIONS + ", longer than 0s");
        }
    }

    /** A time to live: at most a year, so that nanoseconds do not overflow. */
    public static final class Ttl implements Converter<Duration> {

        private static final Duration LONGEST = Duration.ofDays(366);

        @Override
        public @Nullable Duration convert(String text) {
            return read(
                    text,
                    DurationConverter::parseDuration,
                    time -> !time.isNegative() && time.compareTo(LONGEST) <= 0,
                    "duration",
                    DURATIONS + ", at most " + LONGEST.toDays() + " days");
        }
    }

    /** Less than the API server waits for a webhook at most, which is 30 s. */
    public static final class AdmissionDeadline implements Converter<Duration> {

        private static final Duration LONGEST = Duration.ofSeconds(29);

        @Override
        public @Nullable Duration convert(String text) {
            return read(
                    text,
                    DurationConverter::parseDuration,
                    time -> time.compareTo(Duration.ZERO) > 0 && time.compareTo(LONGEST) <= 0,
                    "deadline",
                    DURATIONS + ", longer than 0s, at most " + LONGEST.toSeconds()
                            + "s, and shorter than the webhook's timeoutSeconds");
        }
    }

    /** A whole number from 1. */
    public static final class PositiveInteger implements Converter<Integer> {
        @Override
        public @Nullable Integer convert(String text) {
            return read(text, Integer::valueOf, number -> number > 0, "limit", "a positive whole number");
        }
    }

    /** A weight of the scheduler. */
    public static final class Weight implements Converter<Integer> {
        @Override
        public @Nullable Integer convert(String text) {
            return read(text, Integer::valueOf, weight -> weight >= 1 && weight <= 100, "weight", "1 to 100");
        }
    }

    /** A number above 0. */
    public static final class PositiveNumber implements Converter<Double> {
        @Override
        public @Nullable Double convert(String text) {
            return read(
                    text,
                    Double::valueOf,
                    number -> number > 0 && Double.isFinite(number),
                    "limit",
                    "a positive number");
        }
    }

    /** A TCP port, or 0 for any. */
    public static final class Port implements Converter<Integer> {
        @Override
        public @Nullable Integer convert(String text) {
            return read(text, Integer::valueOf, port -> port >= 0 && port <= 65535, "port", "0 to 65535");
        }
    }

    /** A registry's host as references write it. */
    public static final class RegistryName implements Converter<String> {
        @Override
        public @Nullable String convert(String text) {
            return read(
                    text,
                    Function.identity(),
                    RegistryName::isRegistry,
                    "registry",
                    "a registry's host, with port where it has one, such as docker.io");
        }

        private static boolean isRegistry(String text) {
            try {
                return ImageReference.parse(text + "/x").repository().registry().equals(text);
            } catch (InvalidReferenceException e) {
                return false;
            }
        }
    }

    /** A registry's host, or a glob over hosts. */
    public static final class HostPattern implements Converter<String> {

        private static final Pattern PATTERN = Pattern.compile("(?:[A-Za-z0-9.*-]+|\\[[0-9A-Fa-f:]+])(?::[0-9*]+)?");

        @Override
        public @Nullable String convert(String text) {
            if (!PATTERN.matcher(text).matches()) {
                // SmallRye names no property for a key of a map
                throw new IllegalArgumentException(StowageConfig.PREFIX + ".registries: \"" + Printable.of(text)
                        + "\" is not a valid registry; allowed: a host, host:port, or a glob such as *.example.com");
            }
            return text;
        }
    }

    /** The effect of a taint, in Kubernetes' spelling. */
    public static final class TaintEffect implements Converter<String> {

        private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

        @Override
        public @Nullable String convert(String text) {
            return read(text, Function.identity(), EFFECTS::contains, "taint effect", String.join(", ", EFFECTS));
        }
    }

    /** The name of an extended resource. */
    public static final class ExtendedResourceName implements Converter<String> {
        @Override
        public @Nullable String convert(String text) {
            return read(
                    text,
                    Function.identity(),
                    ExtendedResources::isExtended,
                    "extended resource",
                    "a name with a domain, such as nvidia.com/gpu");
        }
    }

    /** Field names joined by dots, with {@code [*]} after lists and maps. */
    public static final class FieldPath implements Converter<String> {
        @Override
        public @Nullable String convert(String text) {
            return read(
                    text,
                    Function.identity(),
                    CustomKind::isPath,
                    "path",
                    "field names joined by dots, such as spec.template.spec or spec.jobs[*].template.spec");
        }
    }

    /** The name of an object. */
    public static final class Name implements Converter<String> {
        @Override
        public @Nullable String convert(String text) {
            return read(
                    text,
                    Function.identity(),
                    name -> new ObjectName(name, name).possible(),
                    "name",
                    "lower case letters, digits, - and .");
        }
    }

    /** A Secret's name, or its namespace and name. */
    public static final class SecretName implements Converter<String> {
        @Override
        public @Nullable String convert(String text) {
            String full = text.isEmpty() || text.indexOf('/') >= 0 ? text : "any/" + text;
            return read(full, ObjectName::parse, "Secret name", "name, namespace/name") == null ? null : text;
        }
    }
}
