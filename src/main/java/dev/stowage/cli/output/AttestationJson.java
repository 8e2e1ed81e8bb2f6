package dev.stowage.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stowage.attestation.Provenance;
import dev.stowage.attestation.Provenance.BaseImage;
import dev.stowage.attestation.Sbom;
import dev.stowage.attestation.Statement;
import dev.stowage.cli.output.Attestations.Layer;
import dev.stowage.cli.output.Attestations.Signature;
import dev.stowage.image.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Attestations and signatures as JSON; the form is an interface, see docs/cli.md. */
final class AttestationJson {

    private AttestationJson() {}

    static void write(Attestations found, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("attestations");
        for (Layer layer : found.layers()) {
            layer(layer, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("signatures");
        for (Signature signature : found.signatures()) {
            json.writeStartObject();
            json.writeStringField("kind", signature.kind());
            json.writeStringField("tag", signature.tag().isEmpty() ? null : signature.tag());
            json.writeStringField("digest", signature.digest().toString());
            json.writeStringField("about", signature.about());
            json.writeBooleanField("verified", false);
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("notRead", found.failures(), json);
    }

    private static void layer(Layer layer, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("about", layer.about());
        json.writeStringField("manifest", layer.manifest().toString());
        json.writeStringField("digest", layer.digest().toString());
        json.writeStringField("mediaType", layer.mediaType());
        json.writeStringField("predicateType", layer.predicateType().isEmpty() ? null : layer.predicateType());
        json.writeNumberField("size", layer.size());
        if (layer.statement().isPresent()) {
            statement(layer.statement().get(), json);
        }
        texts("findings", layer.findings(), json);
        json.writeEndObject();
    }

    private static void statement(Statement statement, JsonGenerator json) throws IOException {
        texts("subjects", statement.subjects().stream().map(Digest::toString).toList(), json);
        if (statement.predicate() instanceof Provenance provenance) {
            json.writeObjectFieldStart("provenance");
            provenance(provenance, json);
            json.writeEndObject();
        } else if (statement.predicate() instanceof Sbom sbom) {
            json.writeObjectFieldStart("sbom");
            sbom(sbom, json);
            json.writeEndObject();
        }
    }

    private static void provenance(Provenance provenance, JsonGenerator json) throws IOException {
        json.writeStringField("slsa", provenance.version());
        json.writeStringField("builder", provenance.builder());
        json.writeStringField("buildType", provenance.buildType());
        json.writeStringField("source", provenance.source());
        json.writeStringField("revision", provenance.revision());
        json.writeBooleanField("dirty", provenance.dirty());
        json.writeStringField("entryPoint", provenance.entryPoint());
        json.writeStringField("started", provenance.started());
        json.writeStringField("finished", provenance.finished());
        json.writeStringField(
                "mode",
                provenance
                        .mode()
                        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                        .orElse(null));
        json.writeStringField("builderPlatform", provenance.builderPlatform());
        json.writeNumberField("materials", provenance.materials());
        json.writeArrayFieldStart("baseImages");
        for (BaseImage base : provenance.baseImages()) {
            json.writeStartObject();
            json.writeStringField("name", base.name());
            json.writeStringField("platform", base.platform().isEmpty() ? null : base.platform());
            json.writeStringField("digest", base.digest().isEmpty() ? null : base.digest());
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("buildArguments", provenance.buildArguments(), json);
    }

    private static void sbom(Sbom sbom, JsonGenerator json) throws IOException {
        json.writeStringField("format", sbom.format());
        texts("tools", sbom.tools(), json);
        json.writeNumberField("packages", sbom.packages());
        json.writeObjectFieldStart("ecosystems");
        for (Map.Entry<String, Long> kind : new TreeMap<>(sbom.ecosystems()).entrySet()) {
            json.writeNumberField(kind.getKey(), kind.getValue());
        }
        json.writeEndObject();
        json.writeStringField("distribution", sbom.distribution());
        json.writeNumberField("licences", sbom.licences());
        json.writeNumberField("unlicensed", sbom.unlicensed());
    }

    private static void texts(String name, List<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
