package dev.stowage.cluster.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.stowage.workload.ObservedWorkload;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.Map;

/** A pod or an object that makes pods, as the informers receive it: reduced while it is parsed to what is kept of it. */
final class WatchedWorkload extends GenericKubernetesResource {

    private static final long serialVersionUID = 1L;

    private final transient ObservedWorkload observed;
    private final transient Map<String, Requests> requests;

    WatchedWorkload(
            String apiVersion,
            String kind,
            ObjectMeta metadata,
            ObservedWorkload observed,
            Map<String, Requests> requests) {
        setApiVersion(apiVersion);
        setKind(kind);
        setMetadata(metadata);
        this.observed = observed;
        this.requests = requests;
    }

    /** What is kept of it. */
    ObservedWorkload observed() {
        return observed;
    }

    /** What its containers request by image, if it is a pod and that was to be read; else empty. */
    Map<String, Requests> requests() {
        return requests;
    }

    /** Reads every generic resource as one of these. */
    static Module module(WorkloadObjectReader reader) {
        return new SimpleModule()
                .addDeserializer(
                        GenericKubernetesResource.class, new StdDeserializer<>(GenericKubernetesResource.class) {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public GenericKubernetesResource deserialize(
                                    JsonParser parser, DeserializationContext context) throws IOException {
                                return reader.read(parser);
                            }
                        });
    }
}
