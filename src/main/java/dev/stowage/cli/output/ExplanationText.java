package dev.stowage.cli.output;

import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.text.WordList;
import dev.stowage.verdict.Verdict;

/** Explanations for people, below the table of {@code stowage check}. */
final class ExplanationText {

    private static final int READABLE = 120;
    private static final int CONTAINERS = 4;

    private final Terminal terminal;
    private final int width;

    ExplanationText(Terminal terminal) {
        this.terminal = terminal;
        this.width = Math.min(terminal.width(), READABLE);
    }

    void write(Explanation explanation) {
        String heading = explanation
                .workload()
                .map(source -> source.workload()
                        + (source.path().isEmpty() ? "" : ", " + source.path())
                        + ("-".equals(source.file()) ? "" : " in " + source.file()))
                .orElseGet(() -> explanation.images().get(0).image());
        terminal.out().println();
        terminal.out().println(terminal.colours() ? Colour.BOLD.paint(heading) : heading);
        line(2, "nodes: " + explanation.nodes().summary());
        explanation.nodes().groups().forEach(group -> line(4, inWords(group)));
        explanation.nodes().problems().forEach(problem -> line(4, "! " + problem));
        explanation.placement().ifPresent(rule -> line(2, "placement: " + rule.value() + ", " + rule.why()));
        explanation
                .images()
                .forEach(image -> image(image, explanation.workload().isPresent()));
        terminal.out().flush();
    }

    private static String inWords(Explanation.NodeGroup group) {
        String sign =
                switch (group.counts()) {
                    case YES -> "+ ";
                    case PERHAPS -> "? ";
                    case NO -> "- ";
                };
        return sign + (group.who().isEmpty() ? "" : group.who() + ": ") + group.why();
    }

    private void image(Explanation.Image image, boolean named) {
        if (named) {
            String key = image.key().isEmpty() ? "" : " (" + image.key() + ")";
            String action = image.action()
                    .map(found -> switch (found) {
                                case ALLOW -> ": admitted";
                                case WARN -> ": admitted with a warning";
                                case DENY -> ": denied";
                            }
                            + key)
                    .orElse("");
            line(2, "image " + image.image() + " in " + WordList.of(image.containers(), CONTAINERS) + action);
        }
        image.outcomes().forEach(outcome -> line(named ? 4 : 2, inWords(outcome)));
    }

    private static String inWords(Explanation.Outcome outcome) {
        Verdict verdict = outcome.verdict();
        boolean runs = verdict instanceof Verdict.Runs;
        String taken = outcome.entry()
                .map(entry -> (runs ? ", takes " : ", tries ") + entry.inWords())
                .orElse("");
        String reason = runs ? "" : " (" + verdict.reason().label() + ")";
        String message = verdict.message().isEmpty() ? "" : (runs ? "; warning: " : ": ") + verdict.message();
        return outcome.platform() + " with " + String.join(", ", outcome.runtimes()) + ": " + verdict.label() + taken
                + reason + message;
    }

    /** Continuation lines are indented, so that each begin is seen. */
    private void line(int indent, String text) {
        String margin = " ".repeat(indent);
        boolean first = true;
        for (String part : TextTable.wrap(text, Math.max(20, width - indent - 2))) {
            terminal.out().println(margin + (first ? "" : "  ") + part);
            first = false;
        }
    }
}
