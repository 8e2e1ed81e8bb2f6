package dev.stowage.testing;

import static dev.stowage.demo.SampleImages.UNKNOWN;
import static dev.stowage.demo.SampleImages.claiming;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.demo.ImageStore;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Shapes of images about which runtimes differ, with what each of them was measured to do: containerd 2.3 and newer, 2.1 and 2.2, both
 * in local mode, 1.6, CRI-O; on an amd64 node.
 */
final class RuntimeShapes {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final Platform X86 = Platform.of("linux", "386");
    private static final Platform NYDUS = new Platform("linux", "amd64", "", "", List.of("nydus.remoteimage.v1"));
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String FOREIGN = "application/vnd.example.model.v1.tar";
    private static final int FIRST_ROW = 200;

    private final List<Shape> shapes = new ArrayList<>();

    private RuntimeShapes() {}

    static Stream<Shape> all() {
        RuntimeShapes shapes = new RuntimeShapes();
        shapes.configs();
        shapes.nested();
        shapes.layers();
        shapes.configTypes();
        shapes.missingChildren();
        shapes.nydus();
        shapes.platforms();
        shapes.mediaTypes();
        shapes.json();
        return shapes.shapes.stream();
    }

    private void configs() {
        Columns unknown = new Columns("X UnknownPlatform", "R +", "R +", "R +", "R +");
        index("single, config unknown/unknown", unknown, (images, store) -> {
            images.image("t", UNKNOWN);
            return ":t";
        });
        Platform windows = Platform.of("windows", "amd64");
        Columns otherOs = new Columns("X PlatformMismatch", "R +", "R +", "R +", "R +");
        entries("says amd64, config windows", otherOs, images -> as(images.image(windows), AMD64));
        entries(
                "says amd64, config darwin",
                otherOs,
                images -> as(images.image(Platform.of("darwin", "arm64")), AMD64));
        entries("says amd64, config arm64", Columns.all("R +"), images -> as(images.image(ARM64), AMD64));
        Platform features = new Platform("linux", "amd64", "", "", List.of("sse4"));
        entries(
                "os.features in the entry",
                new Columns("X PlatformMissing", "R +", "X PlatformMissing", "R +", "R +"),
                images -> new Descriptor[] {images.image(features)});
        index(
                "os.features in a single config",
                new Columns("X ConfigMismatch", "R", "R", "R", "R"),
                (images, store) -> {
                    images.image("t", features);
                    return ":t";
                });
        entries("386 only", new Columns("X NotFetched", "X NotFetched", "R +", "R +", "X PlatformMissing"), images ->
                new Descriptor[] {images.image(X86)});
        index("single 386", Columns.all("R"), (images, store) -> {
            images.image("t", X86);
            return ":t";
        });
        index("Spin: config wasm, foreign layer", Columns.all("X NotAnImage"), (images, store) -> {
            Descriptor config =
                    images.blob(MediaTypes.OCI_CONFIG, bytes("{\"architecture\":\"wasm\",\"os\":\"wasip1\"}"));
            images.manifest(
                    "t",
                    MediaTypes.OCI_MANIFEST,
                    config,
                    List.of(images.blob("application/vnd.wasm.content.layer.v1+wasm", bytes("w"))));
            return ":t";
        });
        index("schema 1", new Columns("X NotAnImage", "X NotAnImage", "X NotAnImage", "X NotAnImage", "R"), schema1());
    }

    private static BiFunction<SampleImages, ImageStore, String> schema1() {
        return (images, store) -> {
            store.putManifest(
                    "t",
                    MediaTypes.DOCKER_SCHEMA1_SIGNED,
                    bytes(
                            "{\"schemaVersion\":1,\"name\":\"x\",\"tag\":\"t\",\"fsLayers\":[{\"blobSum\":\"sha256:0\"}]}"));
            return ":t";
        };
    }

    private void nested() {
        Columns refusedByCrio = Columns.containerd("R", "X NestedIndex");
        entries("nested amd64 beside arm64", Columns.all("X NestedIndex"), images ->
                new Descriptor[] {images.index(null, images.image(AMD64)), images.image(ARM64)});
        entries("nested amd64 with platform beside arm64", refusedByCrio, images -> new Descriptor[] {
            claiming(images.index(null, images.image(AMD64)), Optional.of(AMD64)), images.image(ARM64)
        });
        entries("amd64, then a nested index", Columns.all("R"), images ->
                new Descriptor[] {images.image(AMD64), images.index(null, images.image(ARM64))});
        entries(
                "nested with 386 only",
                new Columns("X NotFetched", "X NotFetched", "R +", "R +", "X NestedIndex"),
                images -> new Descriptor[] {images.index(null, images.image(X86))});
        entries("nested with several", refusedByCrio, images ->
                new Descriptor[] {images.index(null, images.image(X86), images.image(AMD64), images.image(ARM64))});
    }

    private void layers() {
        layers("a foreign layer that is not counted", Columns.containerd("R", "X NotAnImage"), 1, LAYER, FOREIGN);
        layers("a foreign layer first that is not counted", Columns.containerd("R", "X NotAnImage"), 1, FOREIGN, LAYER);
        layers("a foreign layer that is counted", Columns.containerd("X Invalid", "R +"), 2, LAYER, FOREIGN);
        layers("only a foreign layer", Columns.containerd("X NotAnImage", "R +"), 1, FOREIGN);
        layers("only a signature", Columns.all("X NotAnImage"), 1, "application/vnd.dev.cosign.simplesigning.v1+json");
        layers("a layer that is not counted", Columns.containerd("X Invalid", "R"), 0, LAYER);
        layers("no layer", Columns.all("R"), 0);
        layers(
                "zstd under Docker's type",
                new Columns("R", "R", "R", "U NodeDependent", "R"),
                1,
                "application/vnd.docker.image.rootfs.diff.tar.zstd");
    }

    private void layers(String name, Columns expected, int diffIds, String... types) {
        index(name, expected, (images, store) -> {
            List<Descriptor> layers = new ArrayList<>();
            for (String type : types) {
                layers.add(images.blob(type, bytes(type + layers.size())));
            }
            images.manifest("t", MediaTypes.OCI_MANIFEST, config(images, MediaTypes.OCI_CONFIG, diffIds), layers);
            return ":t";
        });
    }

    private static Descriptor config(SampleImages images, String type, int diffIds) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < diffIds; i++) {
            ids.add("\"sha256:" + String.valueOf(i).repeat(64) + "\"");
        }
        return images.blob(
                type,
                bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":" + ids
                        + "}}"));
    }

    private void configTypes() {
        String octets = "application/octet-stream";
        Columns old = Columns.containerd("X NotAnImage", "R");
        typed("Docker manifest, config octet-stream", old, MediaTypes.DOCKER_MANIFEST, octets);
        typed("OCI manifest, config octet-stream", Columns.all("X NotAnImage"), MediaTypes.OCI_MANIFEST, octets);
        typed("OCI manifest, config json", Columns.all("X NotAnImage"), MediaTypes.OCI_MANIFEST, "application/json");
        Columns mixed = Columns.containerd("R", "X NotAnImage");
        typed("OCI manifest, Docker's config", mixed, MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_CONFIG);
    }

    private void typed(String name, Columns expected, String manifest, String config) {
        index(name, expected, (images, store) -> {
            images.manifest("t", manifest, config(images, config, 1), List.of(images.layer(AMD64)));
            return ":t";
        });
    }

    private void missingChildren() {
        Columns byTransfer = new Columns("X ContentMissing", "X ContentMissing", "R", "R", "R");
        missing("second fitting entry missing", byTransfer, images ->
                new Descriptor[] {images.image(AMD64), claiming(ghost().image(ARM64), Optional.of(AMD64))});
        missing("entry without platform missing, after", byTransfer, images ->
                new Descriptor[] {images.image(AMD64), claiming(ghost().image(ARM64), Optional.empty())});
        missing("entry without platform missing, before", byTransfer, images ->
                new Descriptor[] {claiming(ghost().image(ARM64), Optional.empty()), images.image(AMD64)});
        missing("first fitting entry missing", Columns.all("X ContentMissing"), images ->
                new Descriptor[] {ghost().image(AMD64), claiming(images.image(ARM64), Optional.of(AMD64))});
        missing("attestation missing", Columns.all("R"), images -> {
            Descriptor image = images.image(AMD64);
            return new Descriptor[] {image, ghost().attestation(image)};
        });
        missing("386 missing", Columns.all("R"), images -> new Descriptor[] {images.image(AMD64), ghost().image(X86)});
        entries("SOCI entry after the image", Columns.all("R"), images ->
                new Descriptor[] {images.image(AMD64), soci(images)});
        entries("SOCI entry before the image", Columns.all("X NotAnImage"), images ->
                new Descriptor[] {soci(images), images.image(AMD64)});
    }

    private static Descriptor soci(SampleImages images) {
        Descriptor manifest = images.manifest(
                null,
                MediaTypes.OCI_MANIFEST,
                images.blob("application/vnd.amazon.soci.index.v2+json", bytes("{}")),
                List.of(images.blob("application/octet-stream", bytes("ztoc"))));
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                Optional.of(AMD64),
                "application/vnd.amazon.soci.index.v2+json",
                Map.of());
    }

    private void nydus() {
        String depends = "U NodeDependent";
        entries("nydus alone", Columns.containerd(depends, "X NotAnImage"), images -> as(images.image(AMD64), NYDUS));
        entries("nydus, then the plain image", new Columns("R", depends, "R", depends, "X NotAnImage"), images ->
                new Descriptor[] {claiming(images.image(ARM64), Optional.of(NYDUS)), images.image(AMD64)});
        entries("the plain image, then nydus", new Columns("R", depends, "R", "R", "R"), images ->
                new Descriptor[] {images.image(AMD64), claiming(images.image(ARM64), Optional.of(NYDUS))});
        layers(
                "single nydus",
                Columns.containerd(depends, "X NotAnImage"),
                1,
                "application/vnd.oci.image.layer.nydus.blob.v1");
    }

    private void platforms() {
        Columns noMatch = Columns.all("X UnknownPlatform");
        entries("platform {}", noMatch, images -> as(images.image(AMD64), Platform.of("", "")));
        entries("platform with os only", noMatch, images -> as(images.image(AMD64), Platform.of("linux", "")));
        Columns normalised = Columns.containerd("R", "X PlatformMissing");
        entries(
                "platform with architecture only",
                normalised,
                images -> as(images.image(AMD64), Platform.of("", "amd64")));
        entries("LINUX/AMD64", normalised, images -> as(images.image(AMD64), Platform.of("LINUX", "AMD64")));
        entries("variant V1", normalised, images -> as(images.image(AMD64), Platform.of("linux", "amd64", "V1")));
        entries("without platform: 386, then amd64", Columns.all("R"), images -> new Descriptor[] {
            claiming(images.image(X86), Optional.empty()), claiming(images.image(AMD64), Optional.empty())
        });
    }

    private void mediaTypes() {
        Columns believed = Columns.containerd("X NotAnImage", "R");
        missing("entry without a media type", believed, images -> new Descriptor[] {typed(images.image(AMD64), "")});
        missing("entry of an unknown media type, then amd64", believed, images ->
                new Descriptor[] {typed(images.image(AMD64), "application/vnd.example+json"), images.image(AMD64)});
    }

    private static Descriptor typed(Descriptor entry, String mediaType) {
        return new Descriptor(mediaType, entry.digest(), entry.size(), entry.platform(), "", Map.of());
    }

    private void json() {
        String layers = ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"x\"]}}";
        config("config keys in other case", Columns.all("R"), "{\"Architecture\":\"amd64\",\"OS\":\"linux\"" + layers);
        config(
                "config with a repeated key",
                Columns.all("R"),
                "{\"architecture\":\"s390x\",\"architecture\":\"amd64\",\"os\":\"linux\"" + layers);
        config("config that is no JSON", Columns.all("X Invalid"), "architecture: amd64");
        config("config with more text", Columns.all("X Invalid"), "{\"architecture\":\"amd64\",\"os\":\"linux\"} {}");
        config("config with a byte order mark", Columns.all("X Invalid"), "\uFEFF{\"architecture\":\"amd64\"}");
        config("config whose architecture is a number", Columns.all("X Invalid"), "{\"architecture\":64}");
        index("config in Latin-1", Columns.all("R"), (images, store) -> {
            byte[] config = ("{\"author\":\"J\u00fcrgen\",\"architecture\":\"amd64\",\"os\":\"linux\"" + layers)
                    .getBytes(StandardCharsets.ISO_8859_1);
            images.manifest(
                    "t",
                    MediaTypes.OCI_MANIFEST,
                    images.blob(MediaTypes.OCI_CONFIG, config),
                    List.of(images.layer(AMD64)));
            return ":t";
        });
        odd("index with manifests twice", Columns.all("R"), (images, store) -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            String text = index.toString().replaceFirst("\"manifests\"", "\"manifests\":[],\"manifests\"");
            store.putManifest("t", MediaTypes.OCI_INDEX, bytes(text));
            return ":t";
        });
        odd("index keys in other case", Columns.all("R"), (images, store) -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            String text = index.toString().replace("\"architecture\"", "\"Architecture\"");
            store.putManifest("t", MediaTypes.OCI_INDEX, bytes(text));
            return ":t";
        });
    }

    private void config(String name, Columns expected, String config) {
        index(name, expected, (images, store) -> {
            images.manifest(
                    "t",
                    MediaTypes.OCI_MANIFEST,
                    images.blob(MediaTypes.OCI_CONFIG, bytes(config)),
                    List.of(images.layer(AMD64)));
            return ":t";
        });
    }

    private void entries(String name, Columns expected, Function<SampleImages, Descriptor[]> entries) {
        index(name, expected, (images, store) -> {
            images.index("t", entries.apply(images));
            return ":t";
        });
    }

    /** A registry that validates what is pushed refuses it. */
    private void missing(String name, Columns expected, Function<SampleImages, Descriptor[]> entries) {
        odd(name, expected, (images, store) -> {
            images.index("t", entries.apply(images));
            return ":t";
        });
    }

    private void index(String name, Columns expected, BiFunction<SampleImages, ImageStore, String> builder) {
        add(name, true, expected, builder);
    }

    private void odd(String name, Columns expected, BiFunction<SampleImages, ImageStore, String> builder) {
        add(name, false, expected, builder);
    }

    private void add(
            String name, boolean storable, Columns expected, BiFunction<SampleImages, ImageStore, String> builder) {
        boolean schema1 = "schema 1".equals(name);
        shapes.add(new Shape(
                FIRST_ROW + shapes.size(),
                name,
                storable && !schema1,
                builder,
                Shape.expectations(expected.toString())));
    }

    private static Descriptor[] as(Descriptor entry, Platform claim) {
        return new Descriptor[] {claiming(entry, Optional.of(claim))};
    }

    private static SampleImages ghost() {
        return new SampleImages(new MemoryRegistry());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What nodes with each runtime do. */
    private record Columns(String newest, String older, String local, String old, String crio) {

        static Columns all(String verdict) {
            return containerd(verdict, verdict);
        }

        static Columns containerd(String verdict, String crio) {
            return new Columns(verdict, verdict, verdict, verdict, crio);
        }

        /** Where the two pull modes differ, a node whose mode is not known depends on it. */
        private static String either(String usual, String local) {
            boolean same = usual.equals(local) || usual.startsWith("X") && local.startsWith("X");
            boolean depends = usual.startsWith("X") ^ local.startsWith("X");
            return same ? usual : depends ? "U NodeDependent" : usual.startsWith("U") ? usual : "R +";
        }

        @Override
        public String toString() {
            return "amd64 " + newest + " | 2.1:amd64 " + older + " | local:amd64 " + local + " | old:amd64 " + old
                    + " | crio:amd64 " + crio + " | any:amd64 " + either(newest, local);
        }
    }
}
