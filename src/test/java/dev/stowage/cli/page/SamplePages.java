package dev.stowage.cli.page;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Pages of made-up clusters. The same arguments always make the same page. */
final class SamplePages {

    static final List<String> PLATFORMS = List.of("linux/amd64", "linux/arm64");
    static final String FIX =
            "build it for linux/arm64 too: docker buildx build --platform linux/amd64,linux/arm64 --push \u2026";

    private static final long MIB = 1L << 20;
    private static final List<String> TEAMS = List.of(
            "shop",
            "checkout",
            "search",
            "data",
            "ml",
            "identity",
            "billing",
            "media",
            "monitoring",
            "platform",
            "edge",
            "mail");
    private static final List<String> PARTS =
            List.of("api", "web", "worker", "migrate", "cache", "gateway", "exporter", "scheduler", "proxy");
    private static final PageCell RUNS = new PageCell(PageVerdict.RUNS, "Runs", "");
    private static final PageCell MISSING = new PageCell(
            PageVerdict.DOES_NOT_RUN, "PlatformMissing", "contains linux/amd64 only (1 attestation ignored)");
    private static final PageCell NOT_FOUND =
            new PageCell(PageVerdict.NOT_FOUND, "NotFound", "the tag does not exist in the registry");
    private static final PageCell RATE_LIMITED =
            new PageCell(PageVerdict.UNDETERMINED, "RateLimited", "the registry limits the number of requests (429)");

    private SamplePages() {}

    /** A cluster with this number of images, about one in seven of which does not run on linux/arm64. */
    static PageData cluster(int images) {
        List<PageRow> rows = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            rows.add(row(i));
        }
        rows.sort((one, other) -> one.verdict().compareTo(other.verdict()));
        PageData data = data("", PLATFORMS, rows);
        PageSummary.OfPlatform arm = data.summary().platforms().get(1);
        return data(
                arm.verdicts().get(PageVerdict.DOES_NOT_RUN) + " of " + images + " images keep linux/arm64 out, in "
                        + arm.affectedNamespaces() + " namespaces.",
                PLATFORMS,
                rows);
    }

    static PageData data(String sentence, List<String> platforms, List<PageRow> rows) {
        Instant at = Instant.parse("2026-11-24T10:00:00Z");
        return new PageData("prod", "stowage scan", "1.0.0", at, "", sentence, platforms, rows);
    }

    /** A row with one namespace, which no workload is listed for. */
    static PageRow row(String image, String namespace, String message, String fix, PageCell... cells) {
        PageVerdict worst = cells.length == 0 ? PageVerdict.UNDETERMINED : cells[0].verdict();
        for (PageCell cell : cells) {
            worst = cell.verdict().compareTo(worst) < 0 ? cell.verdict() : worst;
        }
        return new PageRow(
                image,
                "",
                worst,
                "",
                message,
                fix,
                List.of(),
                List.of(cells),
                List.of(NamespaceUse.of(namespace, 1)),
                List.of(),
                1);
    }

    private static PageRow row(int i) {
        String team = TEAMS.get(i % TEAMS.size());
        String name = team + "/" + PARTS.get(i / TEAMS.size() % PARTS.size());
        int generation = i / (TEAMS.size() * PARTS.size());
        String image = "registry.example/" + name + (generation == 0 ? "" : "-" + generation) + ":" + (1 + i % 5) + "."
                + i % 10;
        PageCell amd64 = i % 53 == 20 ? NOT_FOUND : i % 61 == 30 ? RATE_LIMITED : RUNS;
        PageCell arm64 = amd64 != RUNS ? amd64 : i % 7 == 3 ? MISSING : RUNS;
        int replicas = 1 + i % 4;
        List<NamespaceUse> uses = new ArrayList<>();
        List<PageWorkload> workloads = new ArrayList<>();
        int total = 0;
        for (int n = 0; n < (i % 19 == 0 ? 4 : i % 5 == 0 ? 2 : 1); n++) {
            String namespace = n == 0
                    ? team
                    : team + "-" + List.of("staging", "canary", "test").get(n - 1);
            uses.add(new NamespaceUse(
                    namespace,
                    1,
                    OptionalLong.of(100L * replicas * (1 + i % 6)),
                    OptionalLong.of(128 * MIB * replicas * (1 + i % 8))));
            workloads.add(new PageWorkload(namespace, "Deployment/" + PARTS.get(i % PARTS.size())));
            total++;
        }
        return new PageRow(
                image,
                amd64 == RUNS ? "sha256:" + String.format("%064x", 0x9e3779b97f4a7c15L * (i + 1)) : "",
                arm64.verdict(),
                arm64.reason(),
                arm64.message(),
                arm64 == MISSING ? FIX : "",
                List.of(),
                List.of(amd64, arm64),
                uses,
                workloads,
                total);
    }

    static String html(PageData data) {
        StringWriter out = new StringWriter();
        try {
            HtmlPage.write(data, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** Writes a page into a folder. */
    static Path file(Path folder, String name, PageData data) throws IOException {
        Path file = folder.resolve(name);
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            HtmlPage.write(data, out);
        }
        return file;
    }
}
