package dev.stowage.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stowage.cli.output.Explanation.Entry;
import dev.stowage.cli.output.Explanation.Image;
import dev.stowage.cli.output.Explanation.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The fields that {@code stowage check --explain -o json} adds to each result. */
final class ExplanationJson {

    private final JsonGenerator json;

    ExplanationJson(JsonGenerator json) {
        this.json = json;
    }

    /** The fields of a result that this explains. */
    void write(ImageCheck check, Explanation explanation) throws IOException {
        Optional<Image> image = explanation.images().stream()
                .filter(one -> one.image().equals(check.image()))
                .filter(one -> check.source()
                        .map(source -> one.containers().contains(source.container()))
                        .orElse(true))
                .findFirst();
        json.writeArrayFieldStart("taken");
        for (Outcome outcome : image.map(Image::outcomes).orElse(List.of())) {
            if (outcome.platform().equals(check.platform())) {
                taken(outcome);
            }
        }
        json.writeEndArray();
        json.writeStringField(
                "action",
                image.flatMap(Image::action)
                        .map(action -> action.name().toLowerCase(Locale.ROOT))
                        .orElse(null));
        json.writeStringField(
                "policy", image.map(Image::key).filter(key -> !key.isEmpty()).orElse(null));
        explanation(explanation);
    }

    private void taken(Outcome outcome) throws IOException {
        for (String runtime : outcome.runtimes()) {
            json.writeStartObject();
            json.writeStringField("runtime", runtime);
            json.writeStringField("verdict", outcome.verdict().label());
            json.writeStringField(
                    "digest",
                    outcome.entry().map(entry -> entry.digest().toString()).orElse(null));
            json.writeStringField(
                    "platform",
                    outcome.entry()
                            .map(Entry::platform)
                            .filter(platform -> !platform.isEmpty())
                            .orElse(null));
            json.writeEndObject();
        }
    }

    /** The nodes and the placement of a workload. */
    void explanation(Explanation explanation) throws IOException {
        json.writeObjectFieldStart("explanation");
        json.writeStringField(
                "placement",
                explanation.placement().map(Explanation.Rule::value).orElse(null));
        json.writeStringField(
                "placementReason",
                explanation.placement().map(Explanation.Rule::why).orElse(null));
        json.writeStringField("basis", explanation.nodes().basis());
        json.writeStringField("summary", explanation.nodes().summary());
        json.writeArrayFieldStart("problems");
        for (String problem : explanation.nodes().problems()) {
            json.writeString(problem);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("nodes");
        for (Explanation.NodeGroup group : explanation.nodes().groups()) {
            json.writeStartObject();
            json.writeStringField("counts", group.counts().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("size", group.size());
            json.writeArrayFieldStart("names");
            for (String name : group.names()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeStringField("rule", group.rule().isEmpty() ? null : group.rule());
            json.writeStringField("message", group.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
