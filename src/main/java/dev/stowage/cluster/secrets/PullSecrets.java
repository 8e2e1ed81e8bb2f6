package dev.stowage.cluster.secrets;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.KeyringSource;
import dev.stowage.async.DaemonThreads;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.image.Printable;
import dev.stowage.kube.ObjectName;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.PullSecret;
import dev.stowage.registry.credentials.PullSecretKeyring;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * The keyrings of workloads, from the cluster's pull secrets: those that the pod names, else those of its ServiceAccount, which
 * admission copies into pods, and after them those of plug-ins and clouds, a configured global secret and those of helpers, as they
 * would come from the node. Secrets are read one by one when a workload names them; none is listed or watched, so the permission to
 * "get" is enough.
 *
 * <p>A reading is believed for a short time, and {@link #forget} ends that earlier. What cannot be read never fails an
 * admission: the keyring then says that it is not {@linkplain Keyring#complete() complete}, and why.
 */
public final class PullSecrets implements KeyringSource, AutoCloseable {

    private static final int MAX_NAMES = 64;
    private static final long MAX_WEIGHT = 24L << 20;

    /** Reads of the API server: how many at a time and how many wait, of them those of one namespace. */
    private static final FairQueue.Limits READS = new FairQueue.Limits(8, 4, 2_000, 500);

    private static final Logger LOG = System.getLogger(PullSecrets.class.getName());

    private final Settings settings;
    private final CredentialProvider identity;
    private final CredentialProvider helpers;
    private final Ticker ticker;
    private final ThrottledLog log;
    private final ThreadPoolExecutor executor;
    private final ObjectCache<PullSecret> secrets;
    private final ObjectCache<PullSecret> globals;
    private final ObjectCache<List<String>> serviceAccounts;

    /**
     * What is read.
     *
     * @param read whether pull secrets of workloads and ServiceAccounts are read at all
     * @param global a secret that serves all namespaces, as a node's own configuration would
     * @param ttl how long a reading is believed
     */
    public record Settings(boolean read, Optional<ObjectName> global, Duration ttl) {

        /** Pull secrets are read and believed for a minute; there is no global secret. */
        public static final Settings DEFAULT = new Settings(true, Optional.empty(), Duration.ofMinutes(1));

        public Settings {
            Objects.requireNonNull(global, "global");
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /** What was gathered for one pod. */
    private record Gathered(List<PullSecret> secrets, List<String> notes, boolean complete) {}

    /**
     * Over a cluster.
     *
     * @param client the cluster; stays the caller's to close
     * @param settings what is read
     * @param identity the identity that Stowage has by plug-ins and at clouds
     * @param helpers the credentials of helpers
     */
    public PullSecrets(
            KubernetesClient client, Settings settings, CredentialProvider identity, CredentialProvider helpers) {
        this(PullSecretApi.of(client), settings, identity, helpers, Ticker.systemTicker());
    }

    PullSecrets(
            PullSecretApi api,
            Settings settings,
            CredentialProvider identity,
            CredentialProvider helpers,
            Ticker ticker) {
        this.settings = settings;
        this.identity = Objects.requireNonNull(identity, "identity");
        this.helpers = Objects.requireNonNull(helpers, "helpers");
        this.ticker = ticker;
        this.log = new ThrottledLog(LOG, "pull secrets", Clock.systemUTC());
        this.executor = DaemonThreads.pool("pull-secrets", READS.running(), READS.running());
        FairQueue queue = new FairQueue(READS);
        this.secrets = new ObjectCache<>(
                "pull secret",
                "secrets",
                name -> api.secret(name).map(secret -> PullSecret.of(name.name(), typeOf(secret), dataOf(secret))),
                PullSecret::weight,
                settings.ttl(),
                MAX_WEIGHT,
                queue,
                executor,
                ticker,
                this::reportTrouble);
        this.globals = new ObjectCache<>(
                "the global pull secret",
                "secrets",
                name -> api.secret(name).map(secret -> PullSecret.ofNode(name.name(), typeOf(secret), dataOf(secret))),
                PullSecret::weight,
                settings.ttl(),
                MAX_WEIGHT,
                queue,
                executor,
                ticker,
                this::reportTrouble);
        this.serviceAccounts = new ObjectCache<>(
                "ServiceAccount",
                "serviceaccounts",
                name -> api.serviceAccount(name).map(PullSecrets::namesOf),
                names -> names.stream().mapToInt(String::length).sum(),
                settings.ttl(),
                MAX_WEIGHT,
                queue,
                executor,
                ticker,
                this::reportTrouble);
    }

    @Override
    public CompletableFuture<Keyring> keyringOf(Workload workload, Deadline deadline) {
        return ofPod(workload, deadline).thenCombine(ofNode(deadline), (pod, node) -> {
            List<String> notes = new ArrayList<>(pod.notes());
            notes.addAll(node.notes());
            return new PullSecretKeyring(
                    workload.namespace(),
                    pod.secrets(),
                    identity,
                    node.secrets(),
                    helpers,
                    notes,
                    pod.complete() && node.complete());
        });
    }

    /**
     * Drops what is known of a namespace's secrets, so that they are read again: for when a registry refused what they hold.
     * What was read within the last seconds stays, so that a wrong secret cannot make a request of every admission.
     *
     * @param namespace the namespace
     */
    public void forget(String namespace) {
        secrets.forget(namespace);
        serviceAccounts.forget(namespace);
    }

    /** Ends the threads that read; what is being read is given up. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** One warning a minute, however many namespaces it concerns. */
    private void reportTrouble(String trouble) {
        log.report("reads", trouble);
    }

    private CompletableFuture<Gathered> ofPod(Workload workload, Deadline deadline) {
        if (!settings.read()) {
            return done(new Gathered(List.of(), List.of("Stowage is configured not to read pull secrets"), false));
        }
        if (workload.namespace().isEmpty()) {
            return done(new Gathered(
                    List.of(), List.of("the manifest names no namespace to read pull secrets from"), false));
        }
        if (!workload.pullSecrets().isEmpty()) {
            return named(workload.namespace(), workload.pullSecrets(), deadline);
        }
        ObjectName account = new ObjectName(workload.namespace(), workload.serviceAccount());
        return serviceAccounts.get(account, deadline).thenCompose(result -> {
            if (result.value().isPresent()) {
                return named(workload.namespace(), result.value().get(), deadline);
            }
            String missing = "ServiceAccount \"" + Printable.of(account.name()) + "\" does not exist in namespace \""
                    + Printable.of(account.namespace()) + "\"";
            return done(new Gathered(
                    List.of(),
                    List.of(result.trouble().orElse(missing)),
                    result.trouble().isEmpty()));
        });
    }

    private CompletableFuture<Gathered> named(String namespace, List<String> names, Deadline deadline) {
        // the kubelet passes over empty names
        List<String> wanted =
                names.stream().filter(name -> !name.isEmpty()).limit(MAX_NAMES).toList();
        List<CompletableFuture<ReadResult<PullSecret>>> readings = wanted.stream()
                .map(name -> secrets.get(new ObjectName(namespace, name), deadline))
                .toList();
        return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    List<PullSecret> found = new ArrayList<>();
                    List<String> notes = new ArrayList<>();
                    boolean complete = names.size() <= MAX_NAMES;
                    for (int i = 0; i < wanted.size(); i++) {
                        ReadResult<PullSecret> result = readings.get(i).join();
                        result.value().ifPresent(found::add);
                        result.trouble().ifPresent(notes::add);
                        complete &= result.trouble().isEmpty();
                        if (result.value().isEmpty() && result.trouble().isEmpty()) {
                            notes.add("pull secret \"" + Printable.of(wanted.get(i))
                                    + "\" does not exist in namespace \"" + Printable.of(namespace) + "\"");
                        }
                    }
                    return new Gathered(found, notes, complete);
                });
    }

    private CompletableFuture<Gathered> ofNode(Deadline deadline) {
        if (settings.global().isEmpty()) {
            return done(new Gathered(List.of(), List.of(), true));
        }
        ObjectName global = settings.global().get();
        return globals.get(global, deadline).thenApply(result -> {
            Optional<String> note = globalNote(global, result);
            note.ifPresent(this::reportTrouble);
            return new Gathered(
                    result.value().stream().toList(),
                    note.stream().toList(),
                    result.trouble().isEmpty());
        });
    }

    private static Optional<String> globalNote(ObjectName global, ReadResult<PullSecret> result) {
        if (result.trouble().isPresent()) {
            return result.trouble();
        }
        String shown = "the global pull secret \"" + global.namespace() + "/" + global.name() + "\" ";
        return result.value().isEmpty()
                ? Optional.of(shown + "does not exist")
                : result.value().get().fault().map(fault -> shown + "is malformed: " + fault);
    }

    private static CompletableFuture<Gathered> done(Gathered gathered) {
        return CompletableFuture.completedFuture(gathered);
    }

    private static List<String> namesOf(ServiceAccount account) {
        return account.getImagePullSecrets().stream()
                .map(LocalObjectReference::getName)
                .filter(Objects::nonNull)
                .toList();
    }

    private static String typeOf(Secret secret) {
        return Objects.requireNonNullElse(secret.getType(), "");
    }

    private static Map<String, byte[]> dataOf(Secret secret) {
        Map<String, byte[]> decoded = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach(
                            (key, value) -> decoded.put(key, Base64.getDecoder().decode(value)));
        }
        return decoded;
    }
}
