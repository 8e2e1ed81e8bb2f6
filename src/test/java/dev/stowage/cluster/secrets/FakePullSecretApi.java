package dev.stowage.cluster.secrets;

import dev.stowage.kube.ObjectName;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** A cluster's secrets and ServiceAccounts, which can be refused, broken or held back. */
final class FakePullSecretApi implements PullSecretApi {

    final List<ObjectName> asked = new CopyOnWriteArrayList<>();
    volatile int failWith;
    volatile CountDownLatch gate = new CountDownLatch(0);
    /** The only namespace that the gate is for; empty for all. */
    volatile String gated = "";

    private final Map<ObjectName, Secret> secrets = new ConcurrentHashMap<>();
    private final Map<ObjectName, ServiceAccount> accounts = new ConcurrentHashMap<>();

    FakePullSecretApi secret(String namespace, String name, String registry, String user) {
        return secret(
                namespace,
                name,
                "{\"auths\":{\"" + registry + "\":{\"username\":\"" + user + "\",\"password\":\"p\"}}}");
    }

    FakePullSecretApi secret(String namespace, String name, String json) {
        String data = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        secrets.put(
                new ObjectName(namespace, name),
                new SecretBuilder()
                        .withType("kubernetes.io/dockerconfigjson")
                        .addToData(".dockerconfigjson", data)
                        .build());
        return this;
    }

    FakePullSecretApi account(String namespace, String name, String... pullSecrets) {
        accounts.put(
                new ObjectName(namespace, name),
                new ServiceAccountBuilder()
                        .withImagePullSecrets(Stream.of(pullSecrets)
                                .map(LocalObjectReference::new)
                                .toList())
                        .build());
        return this;
    }

    void delete(String namespace, String secret) {
        secrets.remove(new ObjectName(namespace, secret));
    }

    @Override
    public Optional<Secret> secret(ObjectName name) {
        ask(name);
        return Optional.ofNullable(secrets.get(name));
    }

    @Override
    public Optional<ServiceAccount> serviceAccount(ObjectName name) {
        ask(name);
        return Optional.ofNullable(accounts.get(name));
    }

    private void ask(ObjectName name) {
        asked.add(name);
        try {
            if (gated.isEmpty() || gated.equals(name.namespace())) {
                gate.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failWith != 0) {
            throw new KubernetesClientException("hunter2", failWith, null);
        }
    }
}
