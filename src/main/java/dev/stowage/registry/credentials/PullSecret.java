package dev.stowage.registry.credentials;

import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A pull secret as the kubelet reads it (pkg/credentialprovider/secrets/secrets.go). One malformed entry makes all of it
 * malformed, and the kubelet then fails every pull of a pod that names it. Printing it shows no content.
 */
public final class PullSecret {

    private static final String JSON_TYPE = "kubernetes.io/dockerconfigjson";
    private static final String JSON_KEY = ".dockerconfigjson";
    private static final String LEGACY_TYPE = "kubernetes.io/dockercfg";
    private static final String LEGACY_KEY = ".dockercfg";

    private static final int BYTES_PER_ENTRY = 300;

    private final String name;
    private final List<Entry> entries;
    private final Optional<String> fault;
    private final int weight;

    /** A credential and the key that says for which repositories it is meant. */
    record Entry(RegistryKey key, Credential credential) {}

    private PullSecret(String name, List<Entry> entries, Optional<String> fault, int weight) {
        this.name = Objects.requireNonNull(name, "name");
        this.entries = List.copyOf(entries);
        this.fault = fault;
        this.weight = weight;
    }

    /**
     * Reads a secret that a pod or its ServiceAccount names.
     *
     * @param name the secret's name, for messages
     * @param type its type; secrets of other types than the two for pulling contain no credentials
     * @param data its data, decoded
     */
    public static PullSecret of(String name, String type, Map<String, byte[]> data) {
        return read(name, type, data, false);
    }

    /**
     * Reads a secret that stands for a node's own configuration; in it identity tokens count too.
     *
     * @param name the secret's name, for messages
     * @param type its type
     * @param data its data, decoded
     */
    public static PullSecret ofNode(String name, String type, Map<String, byte[]> data) {
        return read(name, type, data, true);
    }

    /**
     * Credentials by the key that says for which repositories they are meant, as a credential provider plug-in returns them.
     *
     * @param name the name of their source, for messages
     * @param auths key to credential
     */
    public static PullSecret of(String name, Map<String, Credential> auths) {
        int characters = 0;
        for (Map.Entry<String, Credential> auth : auths.entrySet()) {
            Credential credential = auth.getValue();
            characters += auth.getKey().length()
                    + credential.username().length()
                    + credential.secret().length();
        }
        return new PullSecret(name, entries(auths), Optional.empty(), 2 * characters + auths.size() * BYTES_PER_ENTRY);
    }

    /** The secret's name. */
    public String name() {
        return name;
    }

    /** The problem, in a clause without any of its secrets that follows "is malformed: "; empty if it is valid. */
    public Optional<String> fault() {
        return fault;
    }

    /** About how many bytes it takes in memory. */
    public int weight() {
        return weight;
    }

    /** The entries that are meant for this repository, in the order of the secret. */
    List<Entry> entriesFor(Repository repository) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key().matches(repository)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** The entries with exactly this key. */
    List<Entry> entriesOf(String key) {
        return entries.stream().filter(entry -> entry.key().text().equals(key)).toList();
    }

    @Override
    public String toString() {
        return "PullSecret[" + Printable.of(name) + "]";
    }

    private static PullSecret read(String name, String type, Map<String, byte[]> data, boolean identityTokens) {
        byte[] json = data.getOrDefault(type.equals(JSON_TYPE) ? JSON_KEY : LEGACY_KEY, new byte[0]);
        boolean known = type.equals(JSON_TYPE) || type.equals(LEGACY_TYPE);
        if (!known || json.length == 0) {
            return new PullSecret(name, List.of(), Optional.empty(), 0);
        }
        try {
            Map<String, Credential> auths = type.equals(JSON_TYPE)
                    ? AuthsReader.dockerConfigJson(json, identityTokens)
                    : AuthsReader.dockerCfg(json, identityTokens);
            return new PullSecret(name, entries(auths), Optional.empty(), json.length + auths.size() * BYTES_PER_ENTRY);
        } catch (MalformedAuthsException e) {
            return new PullSecret(name, List.of(), Optional.of(String.valueOf(e.getMessage())), 0);
        }
    }

    private static List<Entry> entries(Map<String, Credential> auths) {
        List<Entry> entries = new ArrayList<>(auths.size());
        auths.forEach(
                (text, credential) -> RegistryKey.of(text).ifPresent(key -> entries.add(new Entry(key, credential))));
        return entries;
    }
}
