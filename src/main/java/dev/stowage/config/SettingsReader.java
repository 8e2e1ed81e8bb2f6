package dev.stowage.config;

import dev.stowage.config.Settings.Place;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Action;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Glob;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.AddressPolicy;
import dev.stowage.registry.Cidr;
import dev.stowage.registry.Proxies;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.CustomKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns the texts of a configuration into what the features take. */
final class SettingsReader {

    /** The API server waits 10 s for a webhook at the least that the chart sets; an answer after that is none. */
    private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(29);

    private static final Duration LONGEST_MEMORY = Duration.ofDays(366);

    private static final Set<String> TAINT_EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private final StowageConfig config;
    private final Place place;
    private final Map<String, String> environment;
    private final Problems problems;

    SettingsReader(StowageConfig config, Place place, Map<String, String> environment, Problems problems) {
        this.config = config;
        this.place = place;
        this.environment = environment;
        this.problems = problems;
    }

    Settings read() {
        bounded("reports.retention", config.reports().retention());
        problems.build("reports.refresh", () -> positive(config.reports().refresh()), Duration.ofHours(1));
        return new Settings(
                policy(),
                registries(),
                cache(),
                problems.read("defaultRegistry", config.defaultRegistry(), SettingsReader::registryName, "docker.io"),
                pools(),
                customKinds(),
                config.pullSecrets().enabled(),
                config.pullSecrets().global(),
                config.credentialHelpers(),
                TlsReader.read(config.tls(), environment, problems));
    }

    private PolicyConfig policy() {
        Duration deadline = config.admissionDeadline();
        Duration allowed = problems.read(
                "admissionDeadline", inSeconds(deadline), text -> boundedDeadline(deadline), Duration.ofSeconds(5));
        return new PolicyConfig(
                problems.read("mode", config.mode(), SettingsReader::mode, Mode.ENFORCE),
                oneOf("placement", config.placement(), Placement.values(), Placement.ALL),
                oneOf("ownedPods", config.ownedPods(), Placement.values(), Placement.ANY),
                oneOf("onUnresolved", config.onUnresolved(), Action.values(), Action.WARN),
                oneOf("onNotFound", config.onNotFound(), Action.values(), Action.WARN),
                oneOf("verify", config.verify(), Verification.values(), Verification.INDEX),
                allowed,
                exemptions());
    }

    private Exemptions exemptions() {
        StowageConfig.Exemptions said = config.exemptions();
        return new Exemptions(
                globs("exemptions.images", said.images()),
                globs("exemptions.users", said.users()),
                globs("exemptions.groups", said.groups()),
                globs("exemptions.serviceAccounts", said.serviceAccounts()),
                globs("exemptions.namespaces", said.namespaces()));
    }

    private List<Glob> globs(String key, Optional<List<String>> patterns) {
        return each(key, patterns.orElse(List.of()), Glob::new);
    }

    private RegistrySettings registries() {
        List<RegistryRule> rules = new ArrayList<>();
        config.registries().forEach((host, said) -> {
            String key = "registries.\"" + host + "\"";
            rules.add(problems.build(key, () -> RegistryRules.read(host, said, key, problems), RegistryRule.of(host)));
        });
        RegistrySettings defaults = RegistrySettings.DEFAULT;
        return new RegistrySettings(
                rules,
                defaults.userAgent(),
                defaults.connectTimeout(),
                defaults.requestTimeout(),
                defaults.maxInFlight(),
                addresses(),
                problems.build("proxies", () -> Proxies.from(environment), Proxies.NONE));
    }

    private AddressPolicy addresses() {
        StowageConfig.Addresses said = config.addresses();
        return new AddressPolicy(
                said.loopback().orElse(place == Place.DESK),
                said.privateNetworks(),
                each("addresses.allowed", said.allowed().orElse(List.of()), Cidr::parse),
                each("addresses.denied", said.denied().orElse(List.of()), Cidr::parse));
    }

    private CacheSettings cache() {
        StowageConfig.Cache said = config.cache();
        CacheSettings defaults = CacheSettings.DEFAULT;
        Duration contentTtl = longest(
                defaults.contentTtl(),
                bounded("cache.tagTtl", said.tagTtl()),
                bounded("cache.staleFor", said.staleFor()));
        return problems.build(
                "cache",
                () -> new CacheSettings(
                        said.maxSize().asLongValue(),
                        defaults.proofBytes(),
                        defaults.tagBytes(),
                        defaults.failureBytes(),
                        contentTtl,
                        said.tagTtl(),
                        said.staleFor(),
                        said.negativeTtl(),
                        said.faultTtl(),
                        defaults.longestPause(),
                        defaults.patience()),
                defaults);
    }

    private List<NodeFacts> pools() {
        List<NodeFacts> pools = new ArrayList<>();
        for (int i = 0; i < config.nodePools().size(); i++) {
            StowageConfig.NodePool said = config.nodePools().get(i);
            String key = "nodePools[" + i + "]";
            Platform platform =
                    problems.read(key + ".platform", said.platform(), Platform::parse, Platform.of("linux", "amd64"));
            RuntimeFamily runtime = said.runtime()
                    .map(text -> problems.read(key + ".runtime", text, RuntimeFamily::named, RuntimeFamily.CONTAINERD))
                    .orElse(RuntimeFamily.CONTAINERD);
            pools.add(new NodeFacts(
                    said.name(),
                    true,
                    Optional.of(new NodeProfile(platform, runtime)),
                    said.labels(),
                    taints(key + ".taints", said.taints())));
        }
        return pools;
    }

    private List<Taint> taints(String key, List<StowageConfig.Taint> said) {
        return said.stream()
                .map(taint -> new Taint(
                        taint.key(),
                        taint.value().orElse(""),
                        problems.read(key + ".effect", taint.effect(), SettingsReader::taintEffect, "NoSchedule")))
                .toList();
    }

    private List<CustomKind> customKinds() {
        List<CustomKind> kinds = new ArrayList<>();
        for (int i = 0; i < config.customKinds().size(); i++) {
            StowageConfig.CustomKind said = config.customKinds().get(i);
            Optional.ofNullable(problems.build(
                            "customKinds[" + i + "]",
                            () -> new CustomKind(said.group(), said.version(), said.kind(), said.podSpecPath()),
                            null))
                    .ifPresent(kinds::add);
        }
        return kinds;
    }

    private <T> List<T> each(String key, List<String> texts, Function<String, T> reader) {
        List<T> read = new ArrayList<>();
        for (String text : texts) {
            Optional.ofNullable(problems.read(key, text, reader, null)).ifPresent(read::add);
        }
        return read;
    }

    /** Constants are written without regard to case: {@code All}, {@code all}. */
    private <E extends Enum<E>> E oneOf(String key, String text, E[] constants, E instead) {
        return problems.read(
                key,
                text,
                said -> Arrays.stream(constants)
                        .filter(constant -> constant.name().equalsIgnoreCase(said))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("it is one of "
                                + Arrays.stream(constants)
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")))),
                instead);
    }

    private static Mode mode(String text) {
        return Mode.of(text).orElseThrow(() -> new IllegalArgumentException("it is one of " + Mode.allowedValues()));
    }

    private static Duration positive(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(inSeconds(time) + " is not allowed: it has to be longer than nothing");
        }
        return time;
    }

    private Duration bounded(String key, Duration time) {
        return problems.read(
                key,
                inSeconds(time),
                text -> {
                    if (time.isNegative() || time.compareTo(LONGEST_MEMORY) > 0) {
                        throw new IllegalArgumentException("it is between 0s and " + LONGEST_MEMORY.toDays() + " days");
                    }
                    return time;
                },
                Duration.ZERO);
    }

    private static Duration boundedDeadline(Duration deadline) {
        if (deadline.isZero() || deadline.isNegative() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException(
                    "it is longer than nothing and shorter than the webhook's timeoutSeconds, at most "
                            + inSeconds(LONGEST_DEADLINE));
        }
        return deadline;
    }

    private static String registryName(String text) {
        try {
            if (ImageReference.parse(text + "/x").repository().registry().equals(text)) {
                return text;
            }
        } catch (InvalidReferenceException e) {
            // said below in the words of this key
        }
        throw new IllegalArgumentException("it is a registry's host, with port where it has one, such as docker.io");
    }

    private static String taintEffect(String text) {
        if (!TAINT_EFFECTS.contains(text)) {
            throw new IllegalArgumentException("it is one of NoSchedule, PreferNoSchedule, NoExecute");
        }
        return text;
    }

    private static Duration longest(Duration one, Duration other, Duration third) {
        Duration longer = one.compareTo(other) >= 0 ? one : other;
        return longer.compareTo(third) >= 0 ? longer : third;
    }

    private static String inSeconds(Duration duration) {
        return duration.toMillis() / 1000.0 + "s";
    }
}
