package dev.stowage.workload;

import dev.stowage.json.JsonFields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Extended resources ({@code nvidia.com/gpu}), and which of them the containers of a pod request. */
public final class ExtendedResources {

    /** Kubernetes' own resources need no domain, or have this one. */
    private static final String NATIVE = "kubernetes.io/";

    private ExtendedResources() {}

    /** The names in requests and limits, which the API server copies to the requests; without those of which there are zero. */
    static Set<String> of(List<JsonFields> containers) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonFields container : containers) {
            container.someObject("resources").ifPresent(resources -> {
                for (String list : List.of("requests", "limits")) {
                    resources.scalars(list).forEach((name, quantity) -> {
                        if (isExtended(name) && !isZero(quantity)) {
                            names.add(name);
                        }
                    });
                }
            });
        }
        return names;
    }

    /** Whether a resource of this name is an extended one: its name has a domain that is not Kubernetes' own. */
    public static boolean isExtended(String name) {
        return name.indexOf('/') > 0 && !name.contains(NATIVE) && !name.startsWith("requests.");
    }

    /** Whether this quantity ({@code 1}, {@code 2k}, {@code 0Gi}) is zero, or none at all. */
    public static boolean isZero(String quantity) {
        return !quantity.split("[A-Za-z]", 2)[0].matches(".*[1-9].*");
    }
}
