package dev.stowage.kube;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.impl.BaseClient;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Views of a client for reading what users have stored. Whatever the API server stores must not end a list or a watch, since the
 * objects of others would be missing too: there is no limit for names, texts and depth, pages have a limited size, an object that
 * cannot be read is left out, and {@code managedFields}, which are not needed, are skipped.
 */
public final class StoredObjects {

    static final KubernetesSerialization TYPED = new KubernetesSerialization(mapper(new UnreadableObjects()), true);

    private StoredObjects() {}

    /** A view for objects of known types; closed with the client. */
    public static KubernetesClient typed(KubernetesClient client) {
        return view(client, TYPED);
    }

    /** A client that reads objects of known types in this way. */
    static KubernetesClient typed(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(TYPED)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor(PageLimit.NAME, new PageLimit()))
                .build();
    }

    /**
     * A view for {@code GenericKubernetesResource}s, whatever their kind; closed with the client.
     *
     * @param reader reads them
     */
    public static KubernetesClient generic(KubernetesClient client, Module reader) {
        KubernetesSerialization serialization =
                new KubernetesSerialization(mapper(reader, WatchEventReader.module()), false);
        // what is sent instead of an object if a watch cannot go on
        serialization.registerKubernetesResource(Status.class);
        return view(client, serialization);
    }

    private static KubernetesClient view(KubernetesClient client, KubernetesSerialization serialization) {
        HttpClient http = client.getHttpClient()
                .newBuilder()
                .addOrReplaceInterceptor(PageLimit.NAME, new PageLimit())
                .build();
        BaseClient base = client.adapt(BaseClient.class);
        return new KubernetesClientImpl(http, client.getConfiguration(), base::getExecutor, serialization);
    }

    static JsonMapper mapper(Module... modules) {
        return JsonMapper.builder(factory())
                .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
                .addModules(modules)
                .build();
    }

    private static JsonFactory factory() {
        return new JsonFactoryBuilder()
                // users choose field names, and the parser would keep thousands of them for ever
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /** Skipped while parsing: they can be deeper than a stack, and larger than the rest. */
    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}
