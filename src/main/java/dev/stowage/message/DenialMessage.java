package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.policy.Judgement;
import dev.stowage.policy.Ruling;
import dev.stowage.policy.SelectorProposal;
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
     * @param ruling a ruling that refuses at least one image
     * @param proposal a node selector that was found to work
     */
    public static String of(Ruling ruling, Optional<SelectorProposal> proposal) {
        List<Judgement> refusals = ruling.refusals();
        String advice = proposal.map(found -> "\n" + advice(ruling, found)).orElse("");
        StringBuilder message = new StringBuilder();
        headline(ruling).ifPresent(line -> message.append(line).append('\n'));
        int left = MAX_BYTES - RESERVE - Line.bytes(message.toString()) - Line.bytes(advice);
        int told = 0;
        for (Judgement refusal : refusals) {
            String block = (told == 0 ? "" : "\n") + block(refusal, ruling, told == 0 ? left : MAX_BYTES);
            left -= Line.bytes(block);
            if (left < 0 && told > 0) {
                break;
            }
            message.append(block);
            told++;
        }
        if (told < refusals.size()) {
            message.append("\n… and ").append(Line.count(refusals.size() - told, "more image", "more images"));
        }
        return message.append(advice).toString();
    }

    private static Optional<String> headline(Ruling ruling) {
        int refused = ruling.refusals().size();
        if (ruling.irreconcilable()) {
            return Optional.of("each image runs on some eligible node, but no node runs all "
                    + ruling.judgements().size() + "; build them for a common platform, or run them in separate pods");
        }
        if (refused < 2) {
            return Optional.empty();
        }
        List<String> images = ruling.refusals().stream()
                .map(refusal -> Line.cut(refusal.assessment().image(), IMAGE_LENGTH))
                .distinct()
                .toList();
        return Optional.of(refused + " images cannot run where this "
                + Printable.of(ruling.findings().workload().kind()) + " may be scheduled: "
                + Line.listing(images, 2));
    }

    /** Lines that do not fit are left out; the first always does. */
    private static String block(Judgement refusal, Ruling ruling, int bytes) {
        ImageWords words = new ImageWords(refusal, ruling.findings().nodes());
        List<String> lines = new ArrayList<>(words.details());
        words.build().ifPresent(build -> lines.add("  fix: " + build));
        StringBuilder block = new StringBuilder(words.headline());
        int left = bytes - Line.bytes(block.toString());
        for (String line : lines) {
            left -= Line.bytes(line) + 1;
            if (left >= 0) {
                block.append('\n').append(line);
            }
        }
        return block.toString();
    }

    private static String advice(Ruling ruling, SelectorProposal proposal) {
        List<Judgement> refusals = ruling.refusals();
        boolean alone = refusals.size() == 1;
        boolean alternative = alone
                && new ImageWords(refusals.get(0), ruling.findings().nodes())
                        .build()
                        .isPresent();
        String label = alternative ? "  or: " : alone ? "  fix: " : "fix: ";
        String where = ruling.findings().workload().template() ? "pod template's" : "pod's";
        String nodes = proposal.nodes() == 1 ? "1 node runs" : proposal.nodes() + " nodes run";
        return label + "add " + inYaml(proposal.labels()) + " to the " + where + " spec (" + nodes + " all its images)";
    }

    /** {@code nodeSelector: {kubernetes.io/arch: amd64}}, ready to paste. */
    private static String inYaml(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + ": " + label.getValue())
                .collect(Collectors.joining(", ", "nodeSelector: {", "}"));
    }
}
