package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.node.Toleration;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.NodeSelectorProposal;
import dev.stowage.policy.PolicyDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a workload is denied and how to fix it, as {@code kubectl} prints it after "denied the request: ". The first line says
 * the most important thing by itself, because some tools show no more.
 */
public final class DenialMessage {

    /** How long a message is at most, in bytes of UTF-8. */
    public static final int MAX_BYTES = 2048;

    /** Room for the line that counts what is left out. */
    private static final int RESERVE = 32;

    private static final int IMAGE_LENGTH = 80;

    private DenialMessage() {}

    /**
     * The message.
     *
     * @param policyDecision a ruling that refuses at least one image
     * @param proposal a node selector that was found to work
     */
    public static String of(PolicyDecision policyDecision, Optional<NodeSelectorProposal> proposal) {
        return of("", policyDecision, proposal);
    }

    /**
     * The message about one pod template of an object.
     *
     * @param path its path; empty if it need not be named
     */
    public static String of(String path, PolicyDecision policyDecision, Optional<NodeSelectorProposal> proposal) {
        List<ImageDecision> refusals = policyDecision.deniedImages();
        String advice =
                proposal.map(found -> "\n" + advice(policyDecision, found)).orElse("");
        StringBuilder message = new StringBuilder();
        if (!path.isEmpty()) {
            message.append("pod template ").append(MessageLine.place(path)).append(": ");
        }
        headline(policyDecision).ifPresent(line -> message.append(line).append('\n'));
        int left = MAX_BYTES - RESERVE - MessageLine.bytes(message.toString()) - MessageLine.bytes(advice);
        int told = 0;
        for (ImageDecision refusal : refusals) {
            String block = (told == 0 ? "" : "\n") + block(refusal, policyDecision, told == 0 ? left : MAX_BYTES);
            left -= MessageLine.bytes(block);
            if (left < 0 && told > 0) {
                break;
            }
            message.append(block);
            told++;
        }
        if (told < refusals.size()) {
            message.append("\n… and ").append(MessageLine.count(refusals.size() - told, "more image", "more images"));
        }
        return message.append(advice).toString();
    }

    /** The messages about several pod templates of an object, as many as there is room for; the first always is. */
    public static String ofSeveral(List<String> messages) {
        StringBuilder all = new StringBuilder(messages.get(0));
        int told = 1;
        while (told < messages.size()
                && MessageLine.bytes(all.toString()) + MessageLine.bytes(messages.get(told)) + 1
                        <= MAX_BYTES - RESERVE) {
            all.append('\n').append(messages.get(told++));
        }
        if (told < messages.size()) {
            all.append("\n… and ")
                    .append(MessageLine.count(messages.size() - told, "more pod template", "more pod templates"));
        }
        return all.toString();
    }

    /**
     * The reason why one image is denied, for reports: {@code cannot run on 1 of 3 eligible nodes (linux/arm64): contains linux/amd64
     * only}. One line, at most {@link WarningMessages#MAX_LENGTH} long.
     */
    public static String inShort(ImageDecision refusal, PolicyDecision policyDecision) {
        String reason =
                new ImageDescription(refusal, policyDecision.assessment().nodes()).inShort();
        return MessageLine.cut(MessageLine.safe(reason), WarningMessages.MAX_LENGTH);
    }

    private static Optional<String> headline(PolicyDecision policyDecision) {
        int refused = policyDecision.deniedImages().size();
        if (policyDecision.noCommonNode()) {
            return Optional.of("each image runs on some eligible node, but no node runs all "
                    + policyDecision.decisions().size()
                    + "; build them for a common platform, or run them in separate pods");
        }
        if (refused < 2) {
            return Optional.empty();
        }
        List<String> images = policyDecision.deniedImages().stream()
                .map(refusal -> MessageLine.cut(refusal.assessment().image(), IMAGE_LENGTH))
                .distinct()
                .toList();
        return Optional.of(refused + " images cannot run where this "
                + Printable.of(policyDecision.assessment().workload().kind()) + " may be scheduled: "
                + MessageLine.listing(images, 2));
    }

    /** Lines that do not fit are left out; the first always does. */
    private static String block(ImageDecision refusal, PolicyDecision policyDecision, int bytes) {
        ImageDescription words =
                new ImageDescription(refusal, policyDecision.assessment().nodes());
        List<String> lines = new ArrayList<>(words.details());
        words.fix().ifPresent(build -> lines.add("  fix: " + build));
        StringBuilder block = new StringBuilder(words.headline());
        int left = bytes - MessageLine.bytes(block.toString());
        for (String line : lines) {
            left -= MessageLine.bytes(line) + 1;
            if (left >= 0) {
                block.append('\n').append(line);
            }
        }
        return block.toString();
    }

    private static String advice(PolicyDecision policyDecision, NodeSelectorProposal proposal) {
        List<ImageDecision> refusals = policyDecision.deniedImages();
        boolean alone = refusals.size() == 1;
        boolean alternative = alone
                && new ImageDescription(
                                refusals.get(0), policyDecision.assessment().nodes())
                        .fix()
                        .isPresent();
        String label = alternative ? "  or: " : alone ? "  fix: " : "fix: ";
        String where = policyDecision.assessment().workload().template() ? "pod template's" : "pod's";
        String nodes = proposal.nodes() == 1 ? "1 node runs" : proposal.nodes() + " nodes run";
        String tolerations = proposal.tolerations().isEmpty()
                ? ""
                : proposal.tolerations().stream()
                        .map(DenialMessage::inYaml)
                        .collect(Collectors.joining(", ", " and tolerations: [", "]"));
        return label + "add " + inYaml(proposal.labels()) + tolerations + " to the " + where + " spec (" + nodes
                + " all its images)";
    }

    /** {@code {key: dedicated, value: "arm", effect: NoSchedule}}. */
    private static String inYaml(Toleration toleration) {
        String value = toleration.value().isEmpty() ? "operator: Exists" : "value: \"" + toleration.value() + '"';
        return "{key: " + toleration.key() + ", " + value + ", effect: " + toleration.effect() + "}";
    }

    /** {@code nodeSelector: {kubernetes.io/arch: amd64}}, ready to paste. */
    private static String inYaml(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + ": " + label.getValue())
                .collect(Collectors.joining(", ", "nodeSelector: {", "}"));
    }
}
