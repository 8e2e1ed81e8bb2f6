package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.platform.Platform;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.text.WordList;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/** Admission warnings: one line each, which {@code kubectl} prints after "Warning: ". */
public final class WarningMessages {

    /** How long a warning is at most; the API server cuts longer ones where there are many. */
    public static final int MAX_LENGTH = 256;

    /** How many warnings an answer carries at most. */
    public static final int MAX_COUNT = 10;

    private static final String PREFIX = "Stowage: ";

    private static final int PLATFORMS_SHOWN = 4;

    private WarningMessages() {}

    /** A warning for each image that would be refused if the mode were {@code enforce}. */
    public static List<String> ofRefusals(PolicyDecision policyDecision) {
        return ofImages(policyDecision.deniedImages(), policyDecision);
    }

    /** A warning for each image that could not be checked, does not exist, or may not run everywhere. */
    public static List<String> ofConcerns(PolicyDecision policyDecision) {
        List<String> warnings = new ArrayList<>(ofImages(policyDecision.warnedImages(), policyDecision));
        EligibleNodes nodes = policyDecision.assessment().nodes();
        for (ImageDecision imageDecision : policyDecision.decisions()) {
            String subject = new ImageDescription(imageDecision, nodes).subject();
            imageDecision
                    .cautions()
                    .forEach(caution -> warnings.add(line(subject + " may not run everywhere: " + caution)));
        }
        if (policyDecision.unchecked()) {
            Workload workload = policyDecision.assessment().workload();
            warnings.add(line("no known node matches the pods of " + workload.kind() + " "
                    + Printable.of(workload.name()) + ", so its images were not checked"));
        }
        return warnings;
    }

    /** The warning about a node with a label of Stowage that cannot be read. */
    public static String ofUnreadableLabel(String problem) {
        return line(problem + "; it has no effect");
    }

    /** The warning about a namespace with an unknown mode. */
    public static String ofWrongMode(String namespace, String value, Mode applied) {
        return line("namespace " + Printable.of(namespace) + " has the label " + Mode.LABEL + "=\""
                + MessageLine.cut(Printable.of(value), 63) + "\", which is not one of " + Mode.allowedValues()
                + "; the default \"" + applied.value() + "\" applies");
    }

    /**
     * The warning about pods with an annotation that does not choose a mode.
     *
     * @param value its value
     * @param optOut whether the configuration lets workloads opt out
     */
    public static String ofWrongOptOut(Workload workload, String value, boolean optOut) {
        String why =
                optOut ? "which is not one of warn, audit, off" : "which has no effect while workloadOptOut is false";
        return line("the pods of " + workload.kind() + " " + Printable.of(workload.name()) + " have the annotation "
                + Mode.LABEL + "=\"" + Printable.of(value) + "\", " + why + "; the mode of the namespace applies");
    }

    /** The warning about an annotation that is on the object and not on its pods. */
    public static String ofMisplacedOptOut(Workload workload) {
        return line("the annotation " + Mode.LABEL + " of " + workload.kind() + " " + Printable.of(workload.name())
                + " has no effect; it belongs into the metadata of its pod template");
    }

    /** The warning about a namespace whose annotation does not name platforms. */
    public static String ofWrongPlatforms(String namespace, String value) {
        return line("namespace " + Printable.of(namespace) + " has the annotation " + StatedPlatforms.ANNOTATION + "=\""
                + MessageLine.cut(Printable.of(value), 63)
                + "\", which is not a list of platforms such as linux/amd64,linux/arm64; it has no effect");
    }

    /** The warning about a namespace with an unknown value of the label that steers its pods. */
    public static String ofWrongSteering(String namespace, String label, String value, String allowed) {
        return line("namespace " + Printable.of(namespace) + " has the label " + label + "=\""
                + MessageLine.cut(Printable.of(value), 63) + "\", which is not one of " + allowed
                + "; it has no effect");
    }

    /** The warning about a template whose pods will not run on all nodes where they may be scheduled. */
    public static String ofKeptOff(Workload workload, List<Platform> platforms) {
        return line(workload.kind() + " " + Printable.of(workload.name()) + ": pods will be kept off "
                + WordList.of(platforms.stream().map(Platform::toString).toList(), PLATFORMS_SHOWN)
                + ", where not all of their images run");
    }

    /** The warning about a pod that is not steered, because an image is not known well enough. */
    public static String ofUnsteered(String image) {
        return line("the pod is not steered to nodes that run its images: image " + Printable.of(image)
                + " could not be checked");
    }

    /** The warning about a pod that is not steered, because the labels of nodes do not say where it runs. */
    public static String ofIndistinguishable(String platforms) {
        return line("the pod is not steered to nodes that run its images: nodes of " + platforms
                + " differ, and no label of architecture or operating system separates them");
    }

    /** The warning about a template whose pods the API server will reject. */
    public static String ofRefusedPods(Workload workload, String reason) {
        return line(workload.kind() + " " + Printable.of(workload.name()) + ": the API server will reject its pods: "
                + reason);
    }

    /** The warning about an object whose pod spec cannot be read. */
    public static String ofUnreadable(String kind, String name, String reason) {
        return line(Printable.of(kind) + " " + Printable.of(name) + " was not checked: " + MessageLine.safe(reason));
    }

    /**
     * The same warning, with the pod template that it is about.
     *
     * @param path the path of the pod template; empty if it need not be named
     */
    public static String in(String path, String warning) {
        return path.isEmpty()
                ? warning
                : line("pod template " + MessageLine.place(path) + ": " + warning.substring(PREFIX.length()));
    }

    /** At most as many warnings as an answer carries; the last then counts the rest. */
    public static List<String> bounded(List<String> warnings) {
        if (warnings.size() <= MAX_COUNT) {
            return List.copyOf(warnings);
        }
        List<String> bounded = new ArrayList<>(warnings.subList(0, MAX_COUNT - 1));
        bounded.add(PREFIX + "and " + (warnings.size() - MAX_COUNT + 1) + " more warnings");
        return List.copyOf(bounded);
    }

    private static List<String> ofImages(List<ImageDecision> judgements, PolicyDecision policyDecision) {
        return judgements.stream()
                .map(imageDecision -> new ImageDescription(
                        imageDecision, policyDecision.assessment().nodes()))
                .map(words -> line(words.inOneLine()))
                .toList();
    }

    private static String line(String text) {
        return MessageLine.cut(PREFIX + MessageLine.safe(text), MAX_LENGTH);
    }
}
