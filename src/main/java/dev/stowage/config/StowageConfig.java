package dev.stowage.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMapping.NamingStrategy;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of Stowage's configuration, as it stands below {@code stowage:} in the configuration file and below {@code config:}
 * in the Helm values. docs/configuration.md describes each; a test holds the two together.
 */
@ConfigMapping(prefix = StowageConfig.PREFIX, namingStrategy = NamingStrategy.VERBATIM)
public interface StowageConfig {

    /** What stands before every key in the file. */
    String PREFIX = "stowage";

    /** What is done in namespaces that do not say otherwise: {@code enforce}, {@code warn}, {@code audit} or {@code off}. */
    @WithDefault("enforce")
    String mode();

    /** Which of the eligible platforms must run an image: {@code All} or {@code Any}. */
    @WithDefault("All")
    String placement();

    /** The placement that pods with a controlling owner are held to. */
    @WithDefault("Any")
    String ownedPods();

    /** What is done about images of which nothing could be found out: {@code allow}, {@code warn} or {@code deny}. */
    @WithDefault("warn")
    String onUnresolved();

    /** What is done about tags and repositories that do not exist: {@code allow}, {@code warn} or {@code deny}. */
    @WithDefault("warn")
    String onNotFound();

    /** How much is checked before an admission is answered: {@code index} or {@code manifests}. */
    @WithDefault("index")
    String verify();

    /** By when an admission is answered, whatever registries do. */
    @WithDefault("5s")
    Duration admissionDeadline();

    /** The registry of names that carry none. */
    @WithDefault("docker.io")
    String defaultRegistry();

    /** What Stowage leaves alone. */
    Exemptions exemptions();

    /** Nodes that an autoscaler could add. */
    List<NodePool> nodePools();

    /** Kinds beyond Kubernetes' own whose pods are judged. */
    List<CustomKind> customKinds();

    /** Settings of single registries, by host ({@code host:port} where it has one) or glob ({@code *.example.com}). */
    Map<String, Registry> registries();

    /** Which addresses registries may have. */
    Addresses addresses();

    /** What is remembered, how long and how much. */
    Cache cache();

    /** How private images are read. */
    PullSecrets pullSecrets();

    /** How ImageReports are kept. */
    Reports reports();

    /** Docker credential helpers by registry host or glob: {@code "*.dkr.ecr.*.amazonaws.com": ecr-login}. */
    Map<String, String> credentialHelpers();

    /** How the webhook listens and ends; read once, at the start. */
    Server server();

    /** How the webhook listens and ends. */
    interface Server {

        /** The address to listen on. */
        @WithDefault("0.0.0.0")
        String host();

        /** The port of the webhook, https; 0 for any free one. */
        @WithDefault("8443")
        int port();

        /** How long it goes on as before once it is told to end, while the cluster takes it off its lists. */
        @WithDefault("5s")
        Duration drainDelay();

        /** How long the reviews under way may then take. */
        @WithDefault("10s")
        Duration drainTimeout();
    }

    /** Where the certificate comes from that the webhook serves; read once, at the start. */
    Tls tls();

    /** What Stowage leaves alone. */
    interface Exemptions {

        /** Images, by glob over the reference in full ({@code registry.example/team/*}). */
        Optional<List<String>> images();

        /** Users by name. */
        Optional<List<String>> users();

        /** Groups by name. */
        Optional<List<String>> groups();

        /** Service accounts, as {@code namespace/name}. */
        Optional<List<String>> serviceAccounts();

        /** Namespaces, by name or glob. */
        Optional<List<String>> namespaces();
    }

    /** A pool of like nodes that may not exist yet. */
    interface NodePool {

        /** The name that messages use. */
        String name();

        /** {@code os/architecture[/variant]}. */
        String platform();

        /** Its container runtime; today's containerd when absent. */
        Optional<String> runtime();

        /** The labels of its nodes, beside those of os and architecture. */
        Map<String, String> labels();

        /** The taints of its nodes. */
        List<Taint> taints();
    }

    /** A taint of a node pool. */
    interface Taint {

        /** The key. */
        String key();

        /** The value; none when absent. */
        Optional<String> value();

        /** {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}. */
        @WithDefault("NoSchedule")
        String effect();
    }

    /** A kind whose objects hold a pod spec. */
    interface CustomKind {

        /** Its API group. */
        String group();

        /** Its version; {@code *} for every version. */
        @WithDefault("*")
        String version();

        /** Its kind, for example {@code Rollout}. */
        String kind();

        /** Where its pod spec stands, dots between the fields. */
        @WithDefault("spec.template.spec")
        String podSpecPath();
    }

    /** How one registry is reached. */
    interface Registry {

        /**
         * Hosts or base URLs that are asked first, in order, before the registry itself; with {@code team/ ->} before it, one that has
         * the repositories below {@code team/} only.
         */
        Optional<List<String>> mirrors();

        /** Whether it speaks plain http. */
        Optional<Boolean> insecure();

        /** Certificates of authorities that are trusted beside the usual ones: PEM, or the path of a file of PEM. */
        Optional<String> ca();

        /** How long one request may take. */
        Optional<Duration> timeout();

        /** Whether it is never asked. */
        @WithDefault("false")
        boolean blocked();

        /** How many requests a second are sent at most. */
        Optional<Double> maxRequestsPerSecond();

        /** How many requests may be under way at once. */
        Optional<Integer> maxInFlight();
    }

    /** Which addresses registries may have, after their names are resolved. */
    interface Addresses {

        /** Whether loopback addresses may be; by default on a desk, where that is no pod's own. */
        Optional<Boolean> loopback();

        /** Whether private networks may be. */
        @WithDefault("true")
        boolean privateNetworks();

        /** Networks that are never connected to, in CIDR form, beside link-local ones and metadata services. */
        Optional<List<String>> denied();

        /** Networks that are connected to though they are denied otherwise, in CIDR form. */
        Optional<List<String>> allowed();
    }

    /** What is remembered, how long and how much. */
    interface Cache {

        /** How long a tag is believed before the registry is asked whether it has moved. */
        @WithDefault("5m")
        Duration tagTtl();

        /** How long a refusal is remembered: not found, not allowed, not valid. */
        @WithDefault("30s")
        Duration negativeTtl();

        /** How long a fault is remembered: unreachable, too slow. */
        @WithDefault("5s")
        Duration faultTtl();

        /** How old an answer may be to serve while its registry is sick. */
        @WithDefault("1h")
        Duration staleFor();

        /** How many bytes of manifests and configs are kept. */
        @WithDefault("64M")
        MemorySize maxSize();
    }

    /** How private images are read. */
    interface PullSecrets {

        /** Whether pull secrets of pods and service accounts are read at all. */
        @WithDefault("true")
        boolean enabled();

        /** A pull secret that serves every namespace, as {@code namespace/name}. */
        Optional<String> global();
    }

    /** Where the certificate comes from that the webhook serves. */
    interface Tls {

        /** Who keeps it: {@code managed}, {@code files} or {@code self}; in a cluster {@code managed}, elsewhere {@code self}. */
        Optional<String> mode();

        /** The Secret that the replicas share, as {@code name} in the pod's own namespace or {@code namespace/name}. */
        @WithDefault("stowage-tls")
        String secret();

        /** The ValidatingWebhookConfiguration whose {@code caBundle} is kept. */
        @WithDefault("stowage")
        String webhook();

        /** The Service that the API server calls. */
        @WithDefault("stowage")
        String service();

        /** Further DNS names and IP addresses that the certificate is for. */
        Optional<List<String>> names();

        /** A PEM file with the certificate and those between it and its root. */
        Optional<String> certificate();

        /** A PEM file with its private key. */
        Optional<String> key();
    }

    /** How ImageReports are kept. */
    interface Reports {

        /** Whether they are kept at all. */
        @WithDefault("true")
        boolean enabled();

        /** How long a report stays that nothing uses. */
        @WithDefault("24h")
        Duration retention();

        /** How often the images of reports are looked at again, to see whether their tags have moved. */
        @WithDefault("1h")
        Duration refresh();

        /** Whether a replica that starts takes over the verdicts of reports, instead of asking registries again. */
        @WithDefault("true")
        boolean seed();
    }
}
