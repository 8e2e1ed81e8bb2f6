package dev.stowage.cli.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.stowage.cluster.watch.Requests;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;

/** The result as one JSON object; its form is an interface, see docs/scan.md. */
final class ScanJson {

    private final JsonGenerator json;
    private final ScanResult result;

    private ScanJson(JsonGenerator json, ScanResult result) {
        this.json = json;
        this.result = result;
    }

    static void write(ScanResult result, PrintWriter out) {
        try (JsonGenerator json = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build()
                .createGenerator(out)
                .useDefaultPrettyPrinter()) {
            new ScanJson(json, result).write();
        } catch (IOException e) {
            throw new UncheckedIOException("a print writer keeps its errors to itself", e);
        }
        out.println();
        out.flush();
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeStringField("cluster", result.cluster());
        json.writeStringField("at", result.at().toString());
        json.writeStringField("version", result.version());
        json.writeBooleanField("partial", result.partial());
        texts("platforms", result.platforms());
        summary();
        json.writeArrayFieldStart("images");
        for (ScanRow row : result.rows()) {
            row(row);
        }
        json.writeEndArray();
        texts("notes", result.notes());
        json.writeEndObject();
    }

    private void summary() throws IOException {
        json.writeObjectFieldStart("summary");
        json.writeNumberField("images", result.images());
        json.writeNumberField("imagesTotal", result.imagesTotal());
        json.writeNumberField("namespaces", result.namespaces());
        requests(result.requests());
        json.writeArrayFieldStart("missing");
        for (PlatformGap gap : result.gaps()) {
            json.writeStartObject();
            json.writeStringField("platform", gap.platform());
            json.writeNumberField("images", gap.images());
            json.writeNumberField("namespaces", gap.namespaces());
            json.writeNumberField("workloads", gap.workloads());
            requests(gap.requests());
            share("cpuShare", gap.requests().milliCpu(), result.requests().milliCpu());
            share("memoryShare", gap.requests().bytes(), result.requests().bytes());
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("sentences", result.sentences());
        json.writeEndObject();
    }

    private void row(ScanRow row) throws IOException {
        ImageReportStatus status = row.status();
        json.writeStartObject();
        json.writeStringField("namespace", row.namespace());
        json.writeStringField("image", row.image());
        json.writeStringField("digest", status.digest());
        json.writeStringField("verdict", status.verdict());
        json.writeStringField("reason", status.reason());
        json.writeStringField("message", status.message() == null ? "" : status.message());
        texts(
                "platforms",
                status.platforms().stream()
                        .map(ImagePlatform::platform)
                        .distinct()
                        .toList());
        json.writeArrayFieldStart("checkedPlatforms");
        for (CheckedPlatform checked : status.checkedPlatforms()) {
            json.writeStartObject();
            json.writeStringField("platform", checked.platform());
            json.writeStringField("runtime", checked.runtime());
            json.writeStringField("verdict", checked.verdict());
            json.writeStringField("reason", checked.reason());
            json.writeStringField("message", checked.message() == null ? "" : checked.message());
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("missingPlatforms", status.missingPlatforms());
        json.writeArrayFieldStart("usedBy");
        for (UsedBy user : status.usedBy()) {
            json.writeStartObject();
            json.writeStringField("kind", user.kind());
            json.writeStringField("name", user.name());
            json.writeStringField("container", user.container());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("usedByTotal", status.usedByTotal());
        requests(row.requests());
        json.writeEndObject();
    }

    private void requests(Requests requests) throws IOException {
        if (result.requestsKnown()) {
            json.writeNumberField("cpuMillis", requests.milliCpu());
            json.writeNumberField("memoryBytes", requests.bytes());
        } else {
            json.writeNullField("cpuMillis");
            json.writeNullField("memoryBytes");
        }
    }

    private void share(String name, long part, long whole) throws IOException {
        if (result.requestsKnown() && whole > 0) {
            json.writeNumberField(name, Math.round(10_000.0 * part / whole) / 10_000.0);
        } else {
            json.writeNullField(name);
        }
    }

    private void texts(String name, Collection<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
