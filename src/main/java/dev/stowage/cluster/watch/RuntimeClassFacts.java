package dev.stowage.cluster.watch;

import dev.stowage.node.Toleration;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where pods of a RuntimeClass may run.
 *
 * @param nodeSelector labels that the API server adds to their node selector
 * @param tolerations what it adds to their tolerations
 */
public record RuntimeClassFacts(Map<String, String> nodeSelector, List<Toleration> tolerations) {

    public RuntimeClassFacts {
        nodeSelector = Collections.unmodifiableMap(new LinkedHashMap<>(nodeSelector));
        tolerations = List.copyOf(tolerations);
    }

    public static RuntimeClassFacts of(RuntimeClass runtimeClass) {
        var scheduling = runtimeClass.getScheduling();
        if (scheduling == null) {
            return new RuntimeClassFacts(Map.of(), List.of());
        }
        Map<String, String> selector = new HashMap<>();
        if (scheduling.getNodeSelector() != null) {
            scheduling.getNodeSelector().forEach((key, value) -> selector.put(key, text(value)));
        }
        List<Toleration> tolerations = scheduling.getTolerations() == null
                ? List.of()
                : scheduling.getTolerations().stream()
                        .map(toleration -> new Toleration(
                                text(toleration.getKey()),
                                text(toleration.getOperator()),
                                text(toleration.getValue()),
                                text(toleration.getEffect())))
                        .toList();
        return new RuntimeClassFacts(selector, tolerations);
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
