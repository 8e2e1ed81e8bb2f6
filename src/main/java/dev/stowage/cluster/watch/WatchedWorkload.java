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

/** A pod or an object that makes pods, as the informers receive it: reduced while it is parsed to what is kept of it. */
final class WatchedWorkload extends GenericKubernetesResource {

    private static final long serialVersionUID = 1L;

    private final transient ObservedWorkload observed;

    WatchedWorkload(String apiVersion, String kind, ObjectMeta metadata, ObservedWorkload observed) {
        setApiVersion(apiVersion);
        setKind(kind);
        setMetadata(metadata);
        this.observed = observed;
    }

    /** What is kept of it. */
    ObservedWorkload observed() {
        return observed;
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
