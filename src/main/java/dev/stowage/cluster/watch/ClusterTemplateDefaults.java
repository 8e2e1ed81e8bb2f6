package dev.stowage.cluster.watch;

import dev.stowage.admission.TemplateDefaults;
import dev.stowage.image.Printable;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.Toleration;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the API server's plugins RuntimeClass and PodNodeSelector will do to the pods of a template (kubernetes:
 * plugin/pkg/admission/runtimeclass, podnodeselector). Where they will refuse the pods, there is no node for them.
 *
 * <p>Whether PodNodeSelector is on cannot be seen from outside; who annotates a namespace for it is taken to have it on.
 */
public final class ClusterTemplateDefaults implements TemplateDefaults {

    /** A namespace's own words may be long. */
    private static final int LONGEST_QUOTE = 60;

    private final Function<String, Optional<String>> nodeSelectors;
    private final Function<String, RuntimeClassAnswer> runtimeClasses;

    /** What is known of a RuntimeClass; absent is known to be absent only where all are known. */
    public record RuntimeClassAnswer(boolean known, Optional<RuntimeClassFacts> facts) {}

    /** As these informers know; they are started and closed by others. */
    public ClusterTemplateDefaults(NamespaceInformer namespaces, RuntimeClassInformer runtimeClasses) {
        this(
                namespaces::nodeSelectorOf,
                name -> new RuntimeClassAnswer(
                        runtimeClasses.synced() && runtimeClasses.staleness().isZero(), runtimeClasses.named(name)));
    }

    /**
     * @param nodeSelectors the annotation of a namespace
     * @param runtimeClasses the RuntimeClass of a name
     */
    public ClusterTemplateDefaults(
            Function<String, Optional<String>> nodeSelectors, Function<String, RuntimeClassAnswer> runtimeClasses) {
        this.nodeSelectors = nodeSelectors;
        this.runtimeClasses = runtimeClasses;
    }

    @Override
    public Workload applyTo(Workload template) {
        Merge merge = merge(template);
        return merge.changed || merge.refusal != null ? template.withScheduling(merge.rules()) : template;
    }

    @Override
    public Optional<String> refusal(Workload template) {
        return Optional.ofNullable(merge(template).refusal);
    }

    private Merge merge(Workload template) {
        Merge merge = new Merge(template.scheduling());
        nodeSelectors.apply(template.namespace()).ifPresent(selector -> addNamespace(selector, merge));
        template.runtimeClass().ifPresent(name -> addRuntimeClass(name, merge));
        return merge;
    }

    private static void addNamespace(String annotation, Merge merge) {
        if (annotation.length() > StoredLimits.ANNOTATION) {
            merge.refuse("the namespace's annotation " + NamespaceFacts.NODE_SELECTOR
                    + " is too long to check: more than " + StoredLimits.ANNOTATION + " characters");
            return;
        }
        Optional<Map<String, String>> selector = parse(annotation);
        if (selector.isEmpty()) {
            merge.refuse("the namespace's annotation " + NamespaceFacts.NODE_SELECTOR
                    + " is not a list of key=value: \"" + quoted(annotation) + "\"");
            return;
        }
        merge.select("the namespace", selector.get());
    }

    private void addRuntimeClass(String name, Merge merge) {
        RuntimeClassAnswer answer = runtimeClasses.apply(name);
        String named = "RuntimeClass \"" + quoted(name) + "\"";
        if (answer.facts().isEmpty()) {
            if (answer.known()) {
                merge.warnOnly(named + " does not exist");
            }
            return;
        }
        merge.select(named, answer.facts().get().nodeSelector());
        merge.tolerate(answer.facts().get().tolerations());
    }

    /** As apimachinery's labels.ConvertSelectorToLabelsMap reads it. */
    private static Optional<Map<String, String>> parse(String annotation) {
        Map<String, String> selector = new HashMap<>();
        if (annotation.isEmpty()) {
            return Optional.of(selector);
        }
        for (String label : annotation.split(",", -1)) {
            String[] parts = label.split("=", -1);
            if (parts.length != 2 || parts[0].isBlank()) {
                return Optional.empty();
            }
            selector.put(parts[0].strip(), parts[1].strip());
        }
        return Optional.of(selector);
    }

    private static String quoted(String text) {
        String printable = Printable.of(text);
        return printable.length() <= LONGEST_QUOTE ? printable : printable.substring(0, LONGEST_QUOTE - 1) + "…";
    }

    /** The rules of a template while they become those of its pods. */
    private static final class Merge {

        private final SchedulingRules rules;
        private final Map<String, String> selector;
        private final List<Toleration> tolerations;
        private String refusal;
        private boolean refused;
        private boolean changed;

        Merge(SchedulingRules rules) {
            this.rules = rules;
            this.selector = new HashMap<>(rules.nodeSelector());
            this.tolerations = new ArrayList<>(rules.tolerations());
        }

        void select(String who, Map<String, String> labels) {
            labels.forEach((key, value) -> {
                String there = selector.putIfAbsent(key, value);
                if (there == null) {
                    changed = true;
                } else if (!there.equals(value)) {
                    refuse(who + " selects nodes with " + quoted(key + "=" + value) + ", but the pods select "
                            + quoted(key + "=" + there));
                }
            });
        }

        /** The DaemonSet controller chooses nodes by what the template itself tolerates. */
        void tolerate(List<Toleration> more) {
            if (rules.daemonSet()) {
                return;
            }
            changed |= !more.isEmpty();
            tolerations.addAll(more);
        }

        void refuse(String why) {
            refused = true;
            warnOnly(why);
        }

        /** What is missing may come until the pods do, so it takes no node away. */
        void warnOnly(String why) {
            refusal = refusal == null ? why : refusal;
        }

        SchedulingRules rules() {
            SchedulingRules merged = rules.withNodeSelector(selector).withTolerations(tolerations);
            // an affinity without terms matches no node
            return refused ? merged.withRequiredAffinity(Optional.of(List.of())) : merged;
        }
    }
}
