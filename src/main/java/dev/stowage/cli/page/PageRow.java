package dev.stowage.cli.page;

import java.util.List;
import java.util.Objects;

/**
 * One image. Texts are shown as they are, whatever they contain. An image whose result differs between namespaces has a row for each
 * result.
 *
 * @param image the image reference, as in a container
 * @param digest the digest that it resolves to; empty if it is not known
 * @param verdict the verdict on all platforms together
 * @param reason the reason in one word, such as {@code PlatformMissing}; may be empty
 * @param message the reason as a sentence; may be empty
 * @param fix how to fix it; may be empty
 * @param notes more sentences about it, such as the last denial; mostly empty
 * @param cells one for each of the page's platforms, in their order
 * @param uses the namespaces in which it is used
 * @param workloads some workloads that use it; at most {@link #MOST_WORKLOADS} are kept
 * @param workloadsTotal the number of all workloads that use it
 */
public record PageRow(
        String image,
        String digest,
        PageVerdict verdict,
        String reason,
        String message,
        String fix,
        List<String> notes,
        List<PageCell> cells,
        List<NamespaceUse> uses,
        List<PageWorkload> workloads,
        int workloadsTotal) {

    /** How many workloads of an image are listed. */
    public static final int MOST_WORKLOADS = 20;

    public PageRow {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(fix, "fix");
        notes = List.copyOf(notes);
        cells = List.copyOf(cells);
        uses = List.copyOf(uses);
        workloadsTotal = Math.max(workloadsTotal, workloads.size());
        workloads = List.copyOf(workloads.subList(0, Math.min(workloads.size(), MOST_WORKLOADS)));
    }
}
