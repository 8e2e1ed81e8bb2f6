package dev.stowage.attestation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts the packages of an SBOM: SPDX 2 ({@code spdx.github.io/spdx-spec}) and CycloneDX 1 ({@code cyclonedx.org/specification}), in JSON. */
final class SbomReader {

    private static final int MAX_TOOLS = 20;
    private static final int MAX_ECOSYSTEMS = 50;
    private static final int MAX_PLACES = 100;
    private static final String OTHER = "other";
    private static final Set<String> NO_LICENCE = Set.of("", "NOASSERTION", "NONE");

    /** What describes the image itself, not a package in it. */
    private static final Set<String> IMAGES = Set.of("oci", "docker");

    private final JsonParser parser;
    private final List<String> tools = new ArrayList<>();
    private final Map<String, Long> ecosystems = new HashMap<>();
    private final Set<Integer> licences = new HashSet<>();
    private String version = "";
    private String distribution = "";
    private long packages;
    private long unlicensed;

    /** One package or component. */
    private static final class Entry {
        private String kind = "";
        private String name = "";
        private String version = "";
        private String purl = "";
        private final List<String> licences = new ArrayList<>();
    }

    /** At the beginning of the document. */
    SbomReader(JsonParser parser) {
        this.parser = parser;
    }

    Sbom spdx() throws IOException {
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "spdxVersion" -> version = JsonStream.text(parser);
                case "creationInfo" -> object(this::creation);
                case "packages" -> JsonStream.objects(parser, this::spdxPackage);
                default -> parser.skipChildren();
            }
        });
        return sbom(version.startsWith("SPDX-") ? "SPDX " + version.substring("SPDX-".length()) : "SPDX");
    }

    Sbom cycloneDx() throws IOException {
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "specVersion" -> version = JsonStream.text(parser);
                case "metadata" -> object(this::metadata);
                case "components" -> JsonStream.objects(parser, this::component);
                default -> parser.skipChildren();
            }
        });
        return sbom(("CycloneDX " + version).strip());
    }

    private Sbom sbom(String format) {
        return new Sbom(format, tools, packages, ecosystems, distribution, licences.size(), unlicensed);
    }

    private void object(JsonStream.Field field) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            JsonStream.fields(parser, field);
        } else {
            parser.skipChildren();
        }
    }

    private void creation(String name) throws IOException {
        if (!name.equals("creators") || parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String creator = JsonStream.text(parser);
            if (creator.startsWith("Tool:")) {
                tool(creator.substring("Tool:".length()).strip());
            }
        }
    }

    private void tool(String tool) {
        if (tools.size() < MAX_TOOLS && !tool.isEmpty() && !tools.contains(tool)) {
            tools.add(tool);
        }
    }

    private void spdxPackage() throws IOException {
        Entry entry = new Entry();
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "name" -> entry.name = JsonStream.text(parser);
                case "versionInfo" -> entry.version = JsonStream.text(parser);
                case "primaryPackagePurpose" -> entry.kind = JsonStream.text(parser);
                case "licenseConcluded", "licenseDeclared" -> licence(entry, JsonStream.text(parser));
                case "externalRefs" -> JsonStream.objects(parser, () -> reference(entry));
                default -> parser.skipChildren();
            }
        });
        switch (entry.kind) {
            case "OPERATING-SYSTEM", "OPERATING_SYSTEM" -> operatingSystem(entry);
            case "CONTAINER", "FILE" -> {}
            default -> count(entry);
        }
    }

    private void reference(Entry entry) throws IOException {
        String[] of = {"", ""};
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "referenceType" -> of[0] = JsonStream.text(parser);
                case "referenceLocator" -> of[1] = JsonStream.text(parser);
                default -> parser.skipChildren();
            }
        });
        if (of[0].equals("purl") && entry.purl.isEmpty()) {
            entry.purl = of[1];
        }
    }

    private void metadata(String name) throws IOException {
        if (!name.equals("tools")) {
            parser.skipChildren();
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            // since 1.5; before, a list
            JsonStream.fields(parser, kind -> JsonStream.objects(parser, this::toolComponent));
        } else {
            JsonStream.objects(parser, this::toolComponent);
        }
    }

    private void toolComponent() throws IOException {
        String[] named = {"", ""};
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "name" -> named[0] = JsonStream.text(parser);
                case "version" -> named[1] = JsonStream.text(parser);
                default -> parser.skipChildren();
            }
        });
        tool(named[1].isEmpty() ? named[0] : named[0] + " " + named[1]);
    }

    private void component() throws IOException {
        Entry entry = new Entry();
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "type" -> entry.kind = JsonStream.text(parser);
                case "name" -> entry.name = JsonStream.text(parser);
                case "version" -> entry.version = JsonStream.text(parser);
                case "purl" -> entry.purl = JsonStream.text(parser);
                case "licenses" -> JsonStream.objects(parser, () -> licences(entry));
                case "components" -> JsonStream.objects(parser, this::component);
                default -> parser.skipChildren();
            }
        });
        switch (entry.kind) {
            case "operating-system" -> operatingSystem(entry);
            case "container", "file" -> {}
            default -> count(entry);
        }
    }

    private void licences(Entry entry) throws IOException {
        JsonStream.fields(parser, name -> {
            switch (name) {
                case "expression" -> licence(entry, JsonStream.text(parser));
                case "license" ->
                    object(field -> {
                        if (field.equals("id") || field.equals("name")) {
                            licence(entry, JsonStream.text(parser));
                        } else {
                            parser.skipChildren();
                        }
                    });
                default -> parser.skipChildren();
            }
        });
    }

    private static void licence(Entry entry, String licence) {
        if (!NO_LICENCE.contains(licence) && entry.licences.size() < MAX_PLACES) {
            entry.licences.add(licence);
        }
    }

    private void operatingSystem(Entry entry) {
        if (distribution.isEmpty() && !entry.name.isEmpty()) {
            distribution = entry.version.isEmpty() ? entry.name : entry.name + "-" + entry.version;
        }
    }

    private void count(Entry entry) {
        Optional<PackageUrl> url = PackageUrl.parse(entry.purl);
        String type = url.map(PackageUrl::type).orElse(OTHER);
        if (IMAGES.contains(type)) {
            return;
        }
        packages++;
        boolean known = ecosystems.containsKey(type) || ecosystems.size() < MAX_ECOSYSTEMS;
        ecosystems.merge(known ? type : OTHER, 1L, Long::sum);
        if (distribution.isEmpty()) {
            distribution = url.map(found -> found.qualifier("distro")).orElse("");
        }
        if (entry.licences.isEmpty()) {
            unlicensed++;
        }
        for (String licence : entry.licences) {
            if (licences.size() < Sbom.MAX_LICENCES) {
                // their hash codes do for counting, and have a size
                licences.add(licence.hashCode());
            }
        }
    }
}
