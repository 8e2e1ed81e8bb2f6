package dev.stowage.attestation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stowage.attestation.Provenance.BaseImage;
import dev.stowage.attestation.Provenance.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a SLSA provenance: version 0.2 ({@code slsa.dev/spec/v0.2/provenance}) and 1 ({@code slsa.dev/spec/v1.1/provenance}), with
 * BuildKit's fields ({@code docs/attestations/slsa-definitions.md}) and those of GitHub's workflows. Build steps are passed over.
 */
final class ProvenanceReader {

    private static final int MAX_LISTED = 100;
    private static final int MAX_DIGESTS = 8;
    private static final String DIRTY = "-dirty";
    private static final String BUILD_ARGUMENT = "build-arg:";
    private static final String BUILDKIT_0_2 = "https://mobyproject.org/buildkit@v1";
    private static final String BUILDKIT_1 = "https://github.com/moby/buildkit/";

    /** Images that take part in every build of BuildKit without being built upon. */
    private static final Set<String> BUILDKITS_OWN =
            Set.of("docker/dockerfile", "docker/dockerfile-upstream", "docker/buildkit-syft-scanner", "moby/buildkit");

    private final JsonParser parser;
    private final Map<String, String> texts = new HashMap<>();
    private final List<BaseImage> baseImages = new ArrayList<>();
    private final List<String> buildArguments = new ArrayList<>();
    private boolean steps;
    private int materials;
    private String materialRevision = "";
    private String materialSource = "";

    /** At the beginning of the predicate. */
    ProvenanceReader(JsonParser parser) {
        this.parser = parser;
    }

    Provenance read() throws IOException {
        JsonStream.fields(parser, this::field);
        String buildType = text("buildType");
        boolean buildKit = buildType.equals(BUILDKIT_0_2) || buildType.startsWith(BUILDKIT_1);
        String revision = text("revision");
        if (revision.isEmpty()) {
            revision = text("sourceDigest").isEmpty() ? materialRevision : text("sourceDigest");
        }
        boolean dirty = revision.endsWith(DIRTY);
        return new Provenance(
                text("version").isEmpty() ? "0.2" : "1",
                text("builder"),
                buildType,
                text("source").isEmpty() ? materialSource : text("source"),
                dirty ? revision.substring(0, revision.length() - DIRTY.length()) : revision,
                dirty,
                text("entryPoint"),
                text("started"),
                text("finished"),
                buildKit ? Optional.of(steps ? Mode.MAX : Mode.MIN) : Optional.empty(),
                text("platform"),
                materials,
                baseImages,
                buildArguments);
    }

    private String text(String key) {
        return texts.getOrDefault(key, "");
    }

    /** The first one counts that is not empty. */
    private void keep(String key) throws IOException {
        String text = JsonStream.text(parser);
        if (!text.isEmpty()) {
            texts.putIfAbsent(key, text);
        }
    }

    private void field(String name) throws IOException {
        switch (name) {
            case "builder" -> object(this::builder);
            case "buildType" -> keep("buildType");
            case "buildConfig" -> steps();
            case "materials", "resolvedDependencies" -> JsonStream.objects(parser, this::material);
            case "invocation" -> object(this::invocation);
            case "metadata" -> object(this::metadata);
            case "runDetails" -> object(this::field);
            case "buildDefinition" -> {
                texts.put("version", "1");
                object(this::field);
            }
            case "externalParameters" -> object(this::parameters);
            case "internalParameters" -> object(this::internalParameters);
            default -> parser.skipChildren();
        }
    }

    private void object(JsonStream.Field field) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            JsonStream.fields(parser, field);
        } else {
            parser.skipChildren();
        }
    }

    private void steps() throws IOException {
        steps = true;
        parser.skipChildren();
    }

    private void builder(String name) throws IOException {
        if (name.equals("id")) {
            keep("builder");
        } else {
            parser.skipChildren();
        }
    }

    private void invocation(String name) throws IOException {
        switch (name) {
            case "configSource" -> object(this::configSource);
            case "parameters" -> object(this::parameters);
            case "environment" -> object(this::internalParameters);
            default -> parser.skipChildren();
        }
    }

    private void internalParameters(String name) throws IOException {
        switch (name) {
            case "buildConfig" -> steps();
            case "platform", "builderPlatform" -> keep("platform");
            default -> parser.skipChildren();
        }
    }

    private void parameters(String name) throws IOException {
        switch (name) {
            case "configSource", "workflow" -> object(this::configSource);
            case "request", "root" -> object(this::parameters);
            case "args" -> object(this::argument);
            default -> parser.skipChildren();
        }
    }

    private void configSource(String name) throws IOException {
        switch (name) {
            case "uri", "repository" -> keep("source");
            case "digest" -> object(algorithm -> keep("sourceDigest"));
            case "entryPoint", "path" -> keep("entryPoint");
            default -> parser.skipChildren();
        }
    }

    private void argument(String name) throws IOException {
        if (name.startsWith(BUILD_ARGUMENT) && buildArguments.size() < MAX_LISTED) {
            buildArguments.add(name.substring(BUILD_ARGUMENT.length()));
        }
        parser.skipChildren();
    }

    private void metadata(String name) throws IOException {
        switch (name) {
            case "buildStartedOn", "startedOn" -> keep("started");
            case "buildFinishedOn", "finishedOn" -> keep("finished");
            case BUILDKIT_0_2 + "#metadata", "buildkit_metadata" -> object(this::buildKitMetadata);
            default -> parser.skipChildren();
        }
    }

    private void buildKitMetadata(String name) throws IOException {
        if (name.equals("vcs")) {
            object(this::versionControl);
        } else {
            parser.skipChildren();
        }
    }

    private void versionControl(String name) throws IOException {
        switch (name) {
            case "source" -> keep("source");
            case "revision" -> keep("revision");
            default -> parser.skipChildren();
        }
    }

    private void material() throws IOException {
        materials++;
        String[] uri = {""};
        Map<String, String> digests = new HashMap<>();
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "uri" -> uri[0] = JsonStream.text(parser);
                case "digest" ->
                    object(algorithm -> {
                        String digest = JsonStream.text(parser);
                        if (digests.size() < MAX_DIGESTS) {
                            digests.put(algorithm, digest);
                        }
                    });
                default -> parser.skipChildren();
            }
        });
        String commit = digests.getOrDefault("gitCommit", "");
        if (materialRevision.isEmpty() && !commit.isEmpty()) {
            materialRevision = commit;
            materialSource =
                    uri[0].endsWith("@" + commit) ? uri[0].substring(0, uri[0].length() - commit.length() - 1) : uri[0];
        }
        PackageUrl.parse(uri[0])
                .filter(url -> url.type().equals("docker") || url.type().equals("oci"))
                .filter(url -> !BUILDKITS_OWN.contains(url.name()) && baseImages.size() < MAX_LISTED)
                .ifPresent(url -> baseImages.add(baseImage(url, digests)));
    }

    private static BaseImage baseImage(PackageUrl url, Map<String, String> digests) {
        String digest = digests.containsKey("sha256") ? "sha256:" + digests.get("sha256") : url.qualifier("digest");
        String name = url.version().isEmpty() ? url.name() : url.name() + ":" + url.version();
        return new BaseImage(name, url.qualifier("platform"), digest);
    }
}
