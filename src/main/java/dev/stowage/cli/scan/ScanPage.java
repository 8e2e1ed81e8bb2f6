package dev.stowage.cli.scan;

import dev.stowage.cli.page.HtmlPage;
import dev.stowage.cli.page.NamespaceUse;
import dev.stowage.cli.page.PageCell;
import dev.stowage.cli.page.PageData;
import dev.stowage.cli.page.PageRow;
import dev.stowage.cli.page.PageVerdict;
import dev.stowage.cli.page.PageWorkload;
import dev.stowage.message.BuildAdvice;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The result as an HTML page: an image has one row, and several if its result differs between namespaces. */
final class ScanPage {

    private static final PageCell ELSEWHERE = new PageCell(PageVerdict.NOT_SCHEDULED, "", "");

    /** What the namespaces of one row have in common. */
    private record Common(String image, ImageReportStatus status, Map<NodeProfile, Verdict> verdicts) {
        static Common of(ScanRow row) {
            ImageReportStatus status = row.status().toBuilder()
                    .about(List.of())
                    .usedBy(List.of())
                    .usedByTotal(null)
                    .summary(null)
                    .conditions(List.of())
                    .resolvedTime(null)
                    .checkedTime(null)
                    .build();
            return new Common(row.key().image(), status, row.verdicts());
        }
    }

    private ScanPage() {}

    static void write(ScanResult result, PrintWriter out) {
        Map<Common, List<ScanRow>> rows = new LinkedHashMap<>();
        result.rows().forEach(row -> rows.computeIfAbsent(Common.of(row), first -> new ArrayList<>())
                .add(row));
        PageData page = new PageData(
                result.cluster(),
                "stowage scan",
                result.version(),
                result.at(),
                result.partial()
                        ? "The scan was ended after " + result.images() + " of " + result.imagesTotal() + " images."
                        : String.join(" ", result.notes()),
                String.join(" ", result.sentences()),
                result.platforms(),
                rows.values().stream().map(same -> row(same, result)).toList());
        try {
            HtmlPage.write(page, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a print writer keeps its errors to itself", e);
        }
        out.flush();
    }

    private static PageRow row(List<ScanRow> rows, ScanResult result) {
        ScanRow any = rows.get(0);
        ImageReportStatus status = any.status();
        List<NamespaceUse> uses = new ArrayList<>();
        List<PageWorkload> workloads = new ArrayList<>();
        int total = 0;
        for (ScanRow row : rows) {
            int used = Objects.requireNonNullElse(row.status().usedByTotal(), 0);
            total += used;
            uses.add(new NamespaceUse(
                    row.namespace(),
                    used,
                    known(result, row.requests().milliCpu()),
                    known(result, row.requests().bytes())));
            if (workloads.size() < PageRow.MOST_WORKLOADS) {
                row.workloads().forEach(name -> workloads.add(new PageWorkload(row.namespace(), name)));
            }
        }
        return new PageRow(
                any.image(),
                text(status.digest()),
                verdict(any),
                text(status.reason()),
                text(status.message()),
                fix(any),
                List.of(),
                result.platforms().stream().map(platform -> cell(any, platform)).toList(),
                uses,
                workloads,
                total);
    }

    private static OptionalLong known(ScanResult result, long amount) {
        return result.requestsKnown() ? OptionalLong.of(amount) : OptionalLong.empty();
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private static PageVerdict verdict(ScanRow row) {
        if (row.doesNotRun()) {
            return PageVerdict.DOES_NOT_RUN;
        }
        if (row.notFound()) {
            return PageVerdict.NOT_FOUND;
        }
        return ReportVerdict.COMPATIBLE.equals(row.status().verdict()) ? PageVerdict.RUNS : PageVerdict.UNDETERMINED;
    }

    /** Of several runtimes of a platform the worst counts. */
    private static PageCell cell(ScanRow row, String platform) {
        return row.verdicts().entrySet().stream()
                .filter(one -> one.getKey().platform().toString().equals(platform))
                .map(one -> cell(one.getValue()))
                .min((one, other) -> one.verdict().compareTo(other.verdict()))
                .orElse(ELSEWHERE);
    }

    private static PageCell cell(Verdict verdict) {
        PageVerdict shown = verdict.reason() == Reason.NOT_FOUND
                ? PageVerdict.NOT_FOUND
                : verdict instanceof Verdict.DoesNotRun
                        ? PageVerdict.DOES_NOT_RUN
                        : verdict instanceof Verdict.Runs ? PageVerdict.RUNS : PageVerdict.UNDETERMINED;
        return new PageCell(shown, verdict.reason().label(), verdict.message());
    }

    /** How to build the image for what is missing, if that helps. */
    private static String fix(ScanRow row) {
        Set<Platform> wanted = new LinkedHashSet<>();
        row.verdicts().forEach((profile, verdict) -> {
            if (verdict instanceof Verdict.DoesNotRun && BuildAdvice.helps(verdict.reason())) {
                wanted.add(profile.platform());
            }
        });
        List<Platform> contained = row.status().platforms().stream()
                .flatMap(one -> platform(one.platform()).stream())
                .distinct()
                .toList();
        return wanted.isEmpty() ? "" : BuildAdvice.of(contained, wanted).orElse("");
    }

    private static Optional<Platform> platform(String text) {
        try {
            return Optional.of(Platform.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
