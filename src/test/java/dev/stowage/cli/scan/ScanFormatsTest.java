package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.output.Terminal;
import dev.stowage.cluster.watch.Requests;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formats of a scan: stable where they are interfaces, and safe whatever images and names contain. */
class ScanFormatsTest {

    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));

    private static ScanRow row(String namespace, String image, Verdict verdict, long milliCpu) {
        boolean runs = verdict instanceof Verdict.Runs;
        boolean known = !(verdict instanceof Verdict.Undetermined);
        ImageReportStatus status = ImageReportStatus.EMPTY.toBuilder()
                .verdict(runs ? "Compatible" : known ? "Incompatible" : "Unresolved")
                .reason(verdict.reason().label())
                .message(verdict.message())
                .checkedPlatforms(List.of(new CheckedPlatform(
                        "linux/arm64",
                        "containerd",
                        verdict.label(),
                        verdict.reason().label(),
                        verdict.message())))
                .missingPlatforms(runs || !known ? List.of() : List.of("linux/arm64"))
                .usedBy(List.of(new UsedBy("Deployment", "web", "app")))
                .usedByTotal(1)
                .build();
        return new ScanRow(
                new ImageKey(namespace, image), image, status, Map.of(ARM64, verdict), new Requests(milliCpu, 1 << 20));
    }

    private static ScanResult result(boolean partial, ScanRow... rows) {
        return new ScanResult(
                "prod", Instant.EPOCH, "1", List.of("linux/arm64"), List.of(rows), true, 9, partial, List.of());
    }

    private static final Verdict MISSING = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains linux/amd64 only");
    private static final Verdict RUNS = new Verdict.Runs(List.of());

    private static String write(ScanFormat format, ScanResult result) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(
                result,
                new Terminal(
                        InputStream.nullInputStream(), out, OutputStream.nullOutputStream(), Map.of(), false, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("an image that several namespaces use counts once, its requests in each")
    void sentences() {
        ScanResult result = result(
                false, row("a", "r/x:1", MISSING, 100), row("b", "r/x:1", MISSING, 100), row("b", "r/y:1", RUNS, 1800));

        assertThat(result.sentences())
                .containsExactly(
                        "1 of 2 images keeps linux/arm64 out; it takes 10 % of requested CPU and 67 % of requested"
                                + " memory, in 2 namespaces.");
    }

    @Test
    void aPartialResultSaysSo() throws Exception {
        ScanResult result = result(true, row("a", "r/x:1", RUNS, 1));

        assertThat(write(ScanFormat.TABLE, result)).startsWith("PARTIAL: the scan was ended after 1 of 9 images.\n");
        assertThat(new ObjectMapper()
                        .readTree(write(ScanFormat.JSON, result))
                        .at("/partial")
                        .asBoolean())
                .isTrue();
        assertThat(write(ScanFormat.MARKDOWN, result)).contains("PARTIAL");
        assertThat(write(ScanFormat.HTML, result)).contains("The scan was ended after 1 of 9 images.");
    }

    @Test
    @DisplayName("the fields of -o json are an interface")
    void json() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(write(ScanFormat.JSON, result(false, row("a", "r/x:1", MISSING, 100))));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("cluster", "at", "version", "partial", "platforms", "summary", "images", "notes");
        assertThat(json.at("/summary").fieldNames())
                .toIterable()
                .containsExactly(
                        "images", "imagesTotal", "namespaces", "cpuMillis", "memoryBytes", "missing", "sentences");
        assertThat(json.at("/summary/missing/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "platform",
                        "images",
                        "namespaces",
                        "workloads",
                        "cpuMillis",
                        "memoryBytes",
                        "cpuShare",
                        "memoryShare");
        assertThat(json.at("/images/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "namespace",
                        "image",
                        "digest",
                        "verdict",
                        "reason",
                        "message",
                        "platforms",
                        "checkedPlatforms",
                        "missingPlatforms",
                        "usedBy",
                        "usedByTotal",
                        "cpuMillis",
                        "memoryBytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain | plain",
                "=1+1 | '=1+1",
                "+1 | '+1",
                "-1 | '-1",
                "@sum | '@sum",
                "a,b | \"a,b\"",
                "say \"x\" | \"say \"\"x\"\"\"",
                "=\"a\",b | \"'=\"\"a\"\",b\""
            })
    void cellsOfCsvAreQuotedAndNoFormulas(String text, String cell) {
        assertThat(ScanCsv.cell(text)).isEqualTo(cell);
    }

    @Test
    void csvHasAHeaderAndLinesThatEndAsTheStandardWants() {
        assertThat(write(ScanFormat.CSV, result(false, row("a", "r/x:1", MISSING, 100))))
                .isEqualTo(
                        "namespace,image,digest,verdict,reason,message,missingPlatforms,platforms,usedBy,usedByTotal,"
                                + "cpuMillis,memoryBytes\r\n"
                                + "a,r/x:1,,Incompatible,PlatformMissing,contains linux/amd64 only,linux/arm64,,Deployment/web,1,"
                                + "100,1048576\r\n");
    }

    @Test
    void whatImagesContainNeverBecomesMarkup() {
        Verdict odd = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "<img src=x> | @all [a](b)");

        assertThat(write(ScanFormat.MARKDOWN, result(false, row("a", "r/x|y`:1", odd, 1))))
                .contains("`r/x\\|y':1`", "&#60;img src=x&#62; \\| &#64;all \\[a\\](b)")
                .doesNotContain("<img");
        assertThat(write(ScanFormat.HTML, result(false, row("a", "r/<script>", odd, 1))))
                .doesNotContain("<img src=x>", "r/<script>");
    }

    @Test
    void sarifHasAResultForEachUser() throws Exception {
        JsonNode sarif = new ObjectMapper()
                .readTree(write(
                        ScanFormat.SARIF, result(false, row("a", "r/x:1", MISSING, 1), row("a", "r/y:1", RUNS, 1))));

        assertThat(sarif.at("/runs/0/results")).hasSize(1);
        assertThat(sarif.at("/runs/0/results/0/level").asText()).isEqualTo("error");
        assertThat(sarif.at("/runs/0/results/0/locations/0/logicalLocations/0/fullyQualifiedName")
                        .asText())
                .isEqualTo("Deployment a/web/app");
    }

    @Test
    @DisplayName("the page: one row for an image with the same result in several namespaces, and how to build it")
    void page() {
        String page =
                write(ScanFormat.HTML, result(false, row("a", "r/x:1", MISSING, 1), row("b", "r/x:1", MISSING, 1)));

        assertThat(page).contains("stowage scan", "1 of 1 image keeps linux/arm64 out", "contains linux/amd64 only");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "250,250m", "1000,1", "1500,1500m", "12345,12"})
    void cpuIsWrittenAsInManifests(long milliCpu, String text) {
        assertThat(ScanTable.cpu(milliCpu)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1024,1Ki", "1610612736,1.5Gi"})
    void memoryIsWrittenAsInManifests(long bytes, String text) {
        assertThat(ScanTable.memory(bytes)).isEqualTo(text);
    }
}
