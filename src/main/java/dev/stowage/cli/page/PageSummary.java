package dev.stowage.cli.page;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The totals of a page.
 *
 * @param images the number of images
 * @param namespaces the number of namespaces that use them
 * @param workloads the number of their uses by a workload
 * @param verdicts the number of images by verdict; every verdict has one
 * @param platforms the totals by platform, in the page's order
 */
public record PageSummary(
        int images, int namespaces, int workloads, Map<PageVerdict, Integer> verdicts, List<OfPlatform> platforms) {

    public PageSummary {
        verdicts = Map.copyOf(verdicts);
        platforms = List.copyOf(platforms);
    }

    /**
     * The totals of one platform.
     *
     * @param platform the platform
     * @param verdicts the number of images by verdict; every verdict has one
     * @param affectedNamespaces the number of namespaces that use an image that does not run there
     * @param cpuShare the share of requested CPU that those images take, from 0 to 1; empty if no request is known
     * @param memoryShare the same for memory
     */
    public record OfPlatform(
            String platform,
            Map<PageVerdict, Integer> verdicts,
            int affectedNamespaces,
            OptionalDouble cpuShare,
            OptionalDouble memoryShare) {

        public OfPlatform {
            verdicts = Map.copyOf(verdicts);
        }
    }

    static PageSummary of(PageData data) {
        Set<String> namespaces = new HashSet<>();
        int workloads = 0;
        Map<PageVerdict, Integer> verdicts = noVerdicts();
        for (PageRow row : data.rows()) {
            row.uses().forEach(use -> namespaces.add(use.namespace()));
            workloads += row.workloadsTotal();
            verdicts.merge(row.verdict(), 1, Integer::sum);
        }
        List<OfPlatform> platforms = new ArrayList<>();
        for (int column = 0; column < data.platforms().size(); column++) {
            platforms.add(ofPlatform(data, column));
        }
        return new PageSummary(data.rows().size(), namespaces.size(), workloads, verdicts, platforms);
    }

    private static OfPlatform ofPlatform(PageData data, int column) {
        Map<PageVerdict, Integer> verdicts = noVerdicts();
        List<PageRow> affected = new ArrayList<>();
        Set<String> namespaces = new HashSet<>();
        for (PageRow row : data.rows()) {
            PageVerdict verdict = row.cells().get(column).verdict();
            verdicts.merge(verdict, 1, Integer::sum);
            if (verdict == PageVerdict.DOES_NOT_RUN) {
                affected.add(row);
                row.uses().forEach(use -> namespaces.add(use.namespace()));
            }
        }
        return new OfPlatform(
                data.platforms().get(column),
                verdicts,
                namespaces.size(),
                share(affected, data.rows(), NamespaceUse::cpuMillis),
                share(affected, data.rows(), NamespaceUse::memoryBytes));
    }

    private static Map<PageVerdict, Integer> noVerdicts() {
        Map<PageVerdict, Integer> none = new EnumMap<>(PageVerdict.class);
        for (PageVerdict verdict : PageVerdict.values()) {
            none.put(verdict, 0);
        }
        return none;
    }

    private static OptionalDouble share(
            List<PageRow> rows, List<PageRow> all, Function<NamespaceUse, OptionalLong> requested) {
        double total = sum(all, requested);
        return total > 0 ? OptionalDouble.of(sum(rows, requested) / total) : OptionalDouble.empty();
    }

    /** As a double, because the sum of hostile numbers may not fit into a long. */
    private static double sum(List<PageRow> rows, Function<NamespaceUse, OptionalLong> requested) {
        return rows.stream()
                .flatMap(row -> row.uses().stream())
                .map(requested)
                .mapToDouble(amount -> amount.orElse(0))
                .sum();
    }
}
