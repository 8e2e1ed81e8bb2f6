package dev.stowage.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus.Denial;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.summary.Cell;
import dev.stowage.report.summary.ClusterSummary;
import dev.stowage.report.summary.ImageLine;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class FormatsTest {

    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));
    private static final List<ImageCheck> CHECKS = List.of(
            check("a", new Verdict.Runs(List.of()), "deploy/web app.yaml"),
            check("b", new Verdict.Runs(List.of("may need a newer CPU")), "deploy/web app.yaml"),
            check(
                    "c",
                    new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains \"<x>\" & y\u0001 only"),
                    "deploy/web app.yaml"),
            check("d", new Verdict.Undetermined(Reason.TIMEOUT, "took too long"), "-"),
            new ImageCheck("e", ARM64, new Verdict.DoesNotRun(Reason.NOT_FOUND, "is not there"), Optional.empty()));

    @Test
    void junitHasSuitesCasesFailuresAndErrors() throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(written(CheckFormat.JUNIT).getBytes(StandardCharsets.UTF_8)));

        Element root = document.getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("testsuites");
        assertThat(counts(root)).containsExactly("5", "2", "1");
        assertThat(root.getElementsByTagName("testsuite").getLength()).isEqualTo(2);
        assertThat(counts((Element) root.getElementsByTagName("testsuite").item(0)))
                .containsExactly("4", "1", "1");
        Element failed = (Element) root.getElementsByTagName("testcase").item(2);
        assertThat(failed.getAttribute("classname")).isEqualTo("Deployment shop/web");
        assertThat(failed.getAttribute("name")).isEqualTo("app: c on linux/arm64");
        assertThat(failed.getAttribute("file")).isEqualTo("deploy/web app.yaml");
        assertThat(failed.getAttribute("line")).isEqualTo("7");
        Element failure = (Element) failed.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("PlatformMissing");
        assertThat(failure.getAttribute("message")).isEqualTo("contains \"<x>\" & y\ufffd only");
        assertThat(root.getElementsByTagName("error").getLength()).isEqualTo(1);
        assertThat(root.getElementsByTagName("system-out").item(0).getTextContent())
                .isEqualTo("may need a newer CPU");
    }

    @Test
    void sarifHasWhatItsSchemaRequires() throws Exception {
        JsonNode log = new ObjectMapper().readTree(written(CheckFormat.SARIF));

        assertThat(log.get("version").asText()).isEqualTo("2.1.0");
        assertThat(log.get("$schema").asText()).endsWith("sarif-2.1.0.json");
        assertThat(log.get("runs")).hasSize(1);
        JsonNode run = log.at("/runs/0");
        JsonNode driver = run.at("/tool/driver");
        assertThat(driver.get("name").asText()).isEqualTo("Stowage");
        assertThat(driver.get("version").asText()).isEqualTo("1.2.3");
        assertThat(run.get("results")).hasSize(4);
        for (JsonNode result : run.get("results")) {
            assertThat(result.at("/message/text").asText()).isNotBlank();
            assertThat(Set.of("error", "warning", "note"))
                    .contains(result.get("level").asText());
            assertThat(driver.at("/rules/" + result.get("ruleIndex").asInt() + "/id")
                            .asText())
                    .isEqualTo(result.get("ruleId").asText());
            assertThat(result.get("locations")).hasSize(1);
        }
        assertThat(run.at("/results/1/level").asText()).isEqualTo("error");
        assertThat(run.at("/results/1/message/text").asText()).startsWith("c on linux/arm64: contains");
        assertThat(run.at("/results/1/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo("deploy/web%20app.yaml");
        assertThat(run.at("/results/1/locations/0/physicalLocation/region/startLine")
                        .asInt())
                .isEqualTo(7);
        assertThat(run.at("/results/2/locations/0/physicalLocation").isMissingNode())
                .isTrue();
        assertThat(run.at("/results/3/locations/0/logicalLocations/0/fullyQualifiedName")
                        .asText())
                .isEqualTo("e");
    }

    @Test
    void sarifUrisAreValid() {
        assertThat(SarifLog.uri("./deploy/../a b.yaml")).isEqualTo("a%20b.yaml");
        assertThat(SarifLog.uri("bücher.yaml")).isEqualTo("b%C3%BCcher.yaml");
        assertThat(SarifLog.uri("a:b.yaml")).isEqualTo("./a:b.yaml");
        assertThat(SarifLog.uri(Path.of("/x/a b.yaml").toString())).isEqualTo("file:///x/a%20b.yaml");
    }

    @Test
    void aRunWithoutResultsIsStillValid() throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(written(CheckFormat.SARIF, List.of()))
                        .at("/runs/0/results"))
                .isEmpty();
        assertThat(written(CheckFormat.JSON, List.of()).trim()).isEqualTo("[ ]");
        assertThat(written(CheckFormat.JUNIT, List.of())).contains("tests=\"0\"");
        assertThat(written(CheckFormat.TABLE, List.of())).isEmpty();
    }

    @Test
    @DisplayName("report -o wide")
    void theWideReportHasReasonsBelowItsRows() {
        ImageLine line = new ImageLine(
                "shop",
                "api:1",
                "Incompatible",
                "contains linux/amd64 only",
                "linux/amd64",
                Map.of("linux/arm64", Cell.MISSING),
                List.of("Deployment/api"),
                1,
                Optional.of(ImageReportStatusBuilder.builder()
                        .lastDenial(new Denial("2026-11-24T10:00:00Z", "Pod/api-1", 1L, "cannot run on any node"))
                        .build()));
        ClusterSummary summary = new ClusterSummary(List.of("linux/arm64"), false, List.of(line));

        assertThat(written(ReportFormat.WIDE, summary)).isEqualToNormalizingNewlines("""
                NAMESPACE  IMAGE  VERDICT       PLATFORMS    MISSING      USED BY
                shop       api:1  Incompatible  linux/amd64  linux/arm64  Deployment/api
                    contains linux/amd64 only
                    denied Pod/api-1 at 2026-11-24T10:00:00Z: cannot run on any node
                1 of 1 image does not run on linux/arm64, which concerns 1 workload.
                """);
        assertThat(written(ReportFormat.TABLE, summary)).doesNotContain("denied");
        assertThat(written(ReportFormat.JSON, summary)).contains("\"message\" : \"cannot run on any node\"");
        assertThat(written(ReportFormat.HTML, summary))
                .startsWith("<!DOCTYPE html>")
                .contains(summary.sentence(), "denied Pod/api-1 at 2026-11-24T10:00:00Z: cannot run on any node")
                .endsWith("</html>\n");
    }

    @Test
    @DisplayName("Markdown shows first what needs attention, and nothing that images contain becomes markup")
    void markdown() {
        List<ImageCheck> checks = new ArrayList<>(CHECKS);
        checks.add(check("c", checks.get(2).verdict(), "deploy/other.yaml"));
        checks.add(check("x`|@y", new Verdict.DoesNotRun(Reason.NOT_FOUND, "a | *b* [c](d) @team"), "-"));

        assertThat(written(CheckFormat.MARKDOWN, checks)).isEqualToNormalizingNewlines("""
                ### Stowage: does not run: 3 · undetermined: 1 · runs with a warning: 1 · runs: 1

                | image | platform | verdict | why | where |
                | --- | --- | --- | --- | --- |
                | `c` | linux/arm64 | does not run | PlatformMissing: contains "&#60;x&#62;" &#38; y  only | \
                Deployment shop/web (app), deploy/web app.yaml:7<br>Deployment shop/web (app), deploy/other.yaml:7 |
                | `e` | linux/arm64 | does not run | NotFound: is not there |  |
                | `x'\\|@y` | linux/arm64 | does not run | NotFound: a \\| \\*b\\* \\[c\\](d) &#64;team | Deployment shop/web (app) |
                | `d` | linux/arm64 | undetermined | Timeout: took too long | Deployment shop/web (app) |
                | `b` | linux/arm64 | runs with a warning | may need a newer CPU | Deployment shop/web (app), deploy/web app.yaml:7 |

                <details><summary>runs: 1</summary>

                | image | platform | verdict | why | where |
                | --- | --- | --- | --- | --- |
                | `a` | linux/arm64 | runs |  | Deployment shop/web (app), deploy/web app.yaml:7 |

                </details>
                """);
        assertThat(written(CheckFormat.MARKDOWN, List.of()))
                .isEqualToNormalizingNewlines("### Stowage: nothing to check\n");
    }

    private static String written(ReportFormat format, ClusterSummary summary) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(
                summary,
                "",
                Instant.EPOCH,
                new Terminal(InputStream.nullInputStream(), out, new ByteArrayOutputStream(), Map.of(), false, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("a closed pipe")
    void aClosedPipeIsSilent() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), closed, err, Map.of(), false, false);

        for (CheckFormat format : CheckFormat.values()) {
            format.write(CHECKS, terminal, "1.2.3");
        }

        assertThat(err.size()).isZero();
        assertThat(terminal.out().checkError()).isTrue();
    }

    private static List<String> counts(Element element) {
        return List.of(element.getAttribute("tests"), element.getAttribute("failures"), element.getAttribute("errors"));
    }

    private static ImageCheck check(String image, Verdict verdict, String file) {
        return new ImageCheck(
                image,
                ARM64,
                verdict,
                Optional.of(new ImageCheck.Source("Deployment", "web", "shop", "app", "", file, 7)));
    }

    private static String written(CheckFormat format) {
        return written(format, CHECKS);
    }

    private static String written(CheckFormat format, List<ImageCheck> checks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(
                checks,
                new Terminal(InputStream.nullInputStream(), out, new ByteArrayOutputStream(), Map.of(), false, false),
                "1.2.3");
        return out.toString(StandardCharsets.UTF_8);
    }
}
