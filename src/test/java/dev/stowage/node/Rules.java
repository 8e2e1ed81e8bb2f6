package dev.stowage.node;

import dev.stowage.node.NodeSelectorTerm.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes scheduling rules down in the order in which one says them. */
final class Rules {

    private final Map<String, String> selector = new HashMap<>();
    private final List<Toleration> tolerations = new ArrayList<>();
    private Optional<String> nodeName = Optional.empty();
    private Optional<List<NodeSelectorTerm>> affinity = Optional.empty();
    private Optional<String> os = Optional.empty();

    static Rules rules() {
        return new Rules();
    }

    Rules select(String key, String value) {
        selector.put(key, value);
        return this;
    }

    Rules selectArch(String value) {
        return select("kubernetes.io/arch", value);
    }

    Rules affinity(NodeSelectorTerm... terms) {
        affinity = Optional.of(List.of(terms));
        return this;
    }

    Rules tolerate(String key, String operator, String value, String effect) {
        tolerations.add(new Toleration(key, operator, value, effect));
        return this;
    }

    Rules tolerateAll() {
        return tolerate("", "Exists", "", "");
    }

    Rules nodeName(String name) {
        nodeName = Optional.of(name);
        return this;
    }

    Rules os(String name) {
        os = Optional.of(name);
        return this;
    }

    SchedulingRules ofPod() {
        return build(false);
    }

    SchedulingRules ofDaemonSet() {
        return build(true);
    }

    private SchedulingRules build(boolean daemonSet) {
        return new SchedulingRules(nodeName, selector, affinity, tolerations, os, daemonSet, false);
    }

    static NodeSelectorTerm term(Requirement... expressions) {
        return new NodeSelectorTerm(List.of(expressions), List.of());
    }

    static NodeSelectorTerm fields(Requirement... fields) {
        return new NodeSelectorTerm(List.of(), List.of(fields));
    }

    static Requirement require(String key, String operator, String... values) {
        return new Requirement(key, operator, List.of(values));
    }

    static Requirement arch(String operator, String... values) {
        return require("kubernetes.io/arch", operator, values);
    }

    static Requirement os(String operator, String... values) {
        return require("kubernetes.io/os", operator, values);
    }
}
