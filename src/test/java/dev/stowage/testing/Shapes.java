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
 * Every shape of an image whose documents decide, with what is to be said for
 * nodes of several profiles. What the transport decides (status codes, lengths, tokens) is tested where it is read.
 */
public final class Shapes {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final String ALL = "amd64,arm64,arm/v7,old:amd64,old:arm64,crio:amd64,crio:arm64";

    private final List<Shape> shapes = new ArrayList<>();

    private Shapes() {}

    /** All of them, in the order of their rows. */
    public static Stream<Shape> all() {
        Shapes shapes = new Shapes();
        shapes.singles();
        shapes.attestations();
        shapes.withoutPlatform();
        shapes.nested();
        shapes.lies();
        shapes.names();
        shapes.variants();
        shapes.otherSystems();
        shapes.notImages();
        shapes.documents();
        return Stream.concat(shapes.shapes.stream(), RuntimeShapes.all());
    }

    /** Those that a registry takes when they are pushed. */
    public static Stream<Shape> storable() {
        return all().filter(Shape::storable);
    }

    private void singles() {
        single(1, "single OCI manifest, config amd64", AMD64, "amd64,old:amd64,crio:amd64 R");
        single(
                2,
                "single OCI manifest, config amd64, on arm64",
                AMD64,
                "arm64,arm/v7,old:arm64,crio:arm64 X ConfigMismatch");
        add(
                3,
                "single Docker v2 manifest, config arm64",
                "amd64,crio:amd64 X ConfigMismatch | arm64,crio:arm64 R",
                images -> {
                    Descriptor config = images.blob(
                            MediaTypes.DOCKER_CONFIG, bytes("{\"architecture\":\"arm64\",\"os\":\"linux\"}"));
                    images.manifest("t", MediaTypes.DOCKER_MANIFEST, config, List.of());
                    return ":t";
                });
        single(4, "single, config 386", linux("386"), "amd64,old:amd64,crio:amd64 R | arm64 X ConfigMismatch");
        single(5, "single, config without architecture", linux(""), ALL + " U ConfigIncomplete");
        single(
                6,
                "single, config without os",
                Platform.of("", "amd64"),
                "amd64,crio:amd64 R + | arm64 X ConfigMismatch");
        single(
                7,
                "single, config unknown/unknown",
                UNKNOWN,
                "amd64,arm64,arm/v7 X UnknownPlatform | old:amd64,old:arm64,crio:amd64,crio:arm64 R +");
        single(
                8,
                "single, config amd64/v3",
                Platform.of("linux", "amd64", "v3"),
                "amd64,old:amd64,crio:amd64 R + | arm64 X ConfigMismatch");
        odd(9, "single, config blob missing", ALL + " X ContentMissing", (images, store) -> {
            Descriptor config = ghost().config(AMD64);
            images.manifest("t", MediaTypes.OCI_MANIFEST, config, List.of(images.layer(AMD64)));
            return ":t";
        });
    }

    private void attestations() {
        String amd64Only = "amd64,old:amd64,crio:amd64 R | arm64,arm/v7,old:arm64,crio:arm64 X PlatformMissing";
        index(10, "OCI index amd64 + attestation", amd64Only, images -> {
            Descriptor image = images.image(AMD64);
            return entries(image, images.attestation(image));
        });
        index(
                11,
                "OCI index amd64 + attestation, on arm64",
                "arm64,arm/v7,old:arm64,crio:arm64 X PlatformMissing",
                images -> {
                    Descriptor image = images.image(AMD64);
                    return entries(image, images.attestation(image));
                });
        index(12, "attestation listed first", amd64Only, images -> {
            Descriptor image = images.image(AMD64);
            return entries(images.attestation(image), image);
        });
        index(
                13,
                "amd64 + arm64, each attested",
                "amd64,arm64,old:amd64,old:arm64,crio:amd64,crio:arm64 R | arm/v7 X PlatformMissing",
                images -> {
                    Descriptor amd64 = images.image(AMD64);
                    Descriptor arm64 = images.image(ARM64);
                    return entries(amd64, arm64, images.attestation(amd64), images.attestation(arm64));
                });
        index(
                14,
                "only an attestation",
                ALL + " X UnknownPlatform",
                images -> entries(images.attestation(images.image(AMD64))));
        index(
                15,
                "unknown/unknown without annotation, real image",
                ALL + " X UnknownPlatform",
                images -> entries(claiming(images.image(AMD64), Optional.of(UNKNOWN))));
        index(
                16,
                "amd64 + unannotated unknown/unknown",
                amd64Only,
                images -> entries(images.image(AMD64), claiming(images.image(ARM64), Optional.of(UNKNOWN))));
        index(
                17,
                "attestation claiming amd64 before the image",
                "amd64,old:amd64,crio:amd64 X MisleadingAttestation | arm64,crio:arm64 X PlatformMissing",
                images -> {
                    Descriptor image = images.image(AMD64);
                    return entries(claiming(images.attestation(image), Optional.of(AMD64)), image);
                });
        index(
                18,
                "attestation without platform before an image without platform",
                "amd64,old:amd64,crio:amd64 X MisleadingAttestation",
                images -> {
                    Descriptor image = images.image(AMD64);
                    return entries(unnamed(images.attestation(image)), unnamed(image));
                });
        index(
                19,
                "attestation without platform after an image without platform",
                "amd64,old:amd64,crio:amd64 R",
                images -> {
                    Descriptor image = images.image(AMD64);
                    return entries(unnamed(image), unnamed(images.attestation(image)));
                });
        index(
                20,
                "attestation without platform + amd64 entry",
                "amd64,old:amd64,crio:amd64 R | arm64,old:arm64,crio:arm64 X PlatformMissing",
                images -> {
                    Descriptor image = images.image(AMD64);
                    return entries(unnamed(images.attestation(image)), image);
                });
    }

    private void withoutPlatform() {
        index(
                21,
                "one entry without platform, config amd64",
                "amd64,old:amd64,crio:amd64 R",
                images -> entries(unnamed(images.image(AMD64))));
        index(
                22,
                "one entry without platform, config arm64",
                "amd64,old:amd64,crio:amd64 X ConfigMismatch | arm64 R",
                images -> entries(unnamed(images.image(ARM64))));
        index(
                23,
                "without platform: arm64, then amd64",
                "amd64,old:amd64,crio:amd64 X ConfigMismatch | arm64,old:arm64,crio:arm64 R",
                images -> entries(unnamed(images.image(ARM64)), unnamed(images.image(AMD64))));
        index(
                24,
                "without platform: arm64, then amd64, on arm64",
                "arm64,old:arm64,crio:arm64 R",
                images -> entries(unnamed(images.image(ARM64)), unnamed(images.image(AMD64))));
        index(
                25,
                "without platform (arm64 config) + amd64 entry",
                "amd64,arm64,old:amd64,old:arm64,crio:amd64,crio:arm64 R",
                images -> entries(unnamed(images.image(ARM64)), images.image(AMD64)));
        index(
                26,
                "without platform, config unknown/unknown",
                "amd64,arm64,arm/v7,old:amd64,old:arm64 X UnknownPlatform | crio:amd64,crio:arm64 R +",
                images -> entries(unnamed(images.image(UNKNOWN))));
        index(27, "empty index", ALL + " X EmptyIndex", images -> entries());
        add(28, "index without mediaType field", "amd64,old:amd64,crio:amd64 R | arm64 X PlatformMissing", images -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            index.remove("mediaType");
            images.put("t", MediaTypes.OCI_INDEX, index);
            return ":t";
        });
        add(
                29,
                "Docker list amd64 + arm64",
                "amd64,arm64,crio:amd64,crio:arm64 R | arm/v7 X PlatformMissing",
                images -> {
                    images.index("t", MediaTypes.DOCKER_LIST, images.dockerImage(AMD64), images.dockerImage(ARM64));
                    return ":t";
                });
        index(
                30,
                "OCI index listing Docker manifests",
                "amd64,arm64,crio:amd64,crio:arm64 R",
                images -> entries(images.dockerImage(AMD64), images.dockerImage(ARM64)));
    }

    private void nested() {
        String byRuntime = "amd64,old:amd64 R | crio:amd64 X NestedIndex";
        index(31, "index in index in index, amd64", byRuntime, images -> {
            Descriptor inner = images.index(null, images.image(AMD64));
            return entries(images.index(null, inner));
        });
        index(32, "index for arm64 in index", "arm64,old:arm64 R | crio:arm64 X NestedIndex", images -> {
            Descriptor inner = images.index(null, images.image(ARM64));
            return entries(claiming(inner, Optional.of(ARM64)));
        });
        index(
                33,
                "two nested indexes, only the second has amd64",
                "amd64,old:amd64,crio:amd64 X NestedIndex",
                images -> {
                    Descriptor first = images.index(null, images.image(ARM64));
                    Descriptor second = images.index(null, images.image(AMD64));
                    return entries(first, second);
                });
        index(
                34,
                "nested amd64 + plain arm64",
                "amd64,old:amd64,crio:amd64 X NestedIndex | arm64,old:arm64,crio:arm64 R",
                images -> entries(images.index(null, images.image(AMD64)), images.image(ARM64)));
    }

    private void lies() {
        index(
                35,
                "says arm64, config amd64",
                "arm64,old:arm64,crio:arm64 R + | amd64,old:amd64,crio:amd64 X PlatformMissing",
                images -> entries(claiming(images.image(AMD64), Optional.of(ARM64))));
        index(
                36,
                "says arm64, config amd64, on amd64",
                "amd64,old:amd64,crio:amd64 X PlatformMissing",
                images -> entries(claiming(images.image(AMD64), Optional.of(ARM64))));
        index(
                37,
                "amd64 listed twice",
                "amd64,crio:amd64 R",
                images -> entries(
                        images.image(AMD64),
                        claiming(
                                images.image(new Platform("linux", "amd64", "", "", List.of("x"))),
                                Optional.of(AMD64))));
        index(
                68,
                "amd64 + arm64, amd64 child missing",
                "amd64,old:amd64,crio:amd64 X ContentMissing | arm64,crio:arm64 R",
                images -> entries(ghost().image(AMD64), images.image(ARM64)));
        index(
                69,
                "amd64 + arm64, arm64 child missing",
                "amd64,crio:amd64 R | arm64,crio:arm64 X ContentMissing",
                images -> entries(images.image(AMD64), ghost().image(ARM64)));
        odd(84, "child's size is wrong", "amd64,old:amd64,crio:amd64 X Invalid", (images, store) -> {
            Descriptor image = images.image(AMD64);
            Descriptor wrong =
                    new Descriptor(image.mediaType(), image.digest(), image.size() + 1, image.platform(), "", Map.of());
            images.index("t", wrong);
            return ":t";
        });
    }

    private void names() {
        String byRuntime = "amd64,old:amd64 R | crio:amd64 X PlatformMissing";
        claimed(38, "architecture x86_64", AMD64, linux("x86_64"), byRuntime + " | arm64 X PlatformMissing");
        claimed(
                38,
                "architecture aarch64",
                ARM64,
                linux("aarch64"),
                "arm64,old:arm64 R | crio:arm64 X PlatformMissing");
        claimed(39, "os Linux", AMD64, Platform.of("Linux", "amd64"), byRuntime);
        claimed(
                40,
                "architecture ARM64, variant V8",
                ARM64,
                Platform.of("linux", "ARM64", "V8"),
                "arm64,old:arm64 R | crio:arm64 X PlatformMissing");
        claimed(41, "os empty", AMD64, Platform.of("", "amd64"), byRuntime);
        claimed(42, "architecture empty", AMD64, linux(""), ALL + " X UnknownPlatform");
        claimed(43, "os linux, architecture unknown", AMD64, linux("unknown"), ALL + " X UnknownPlatform");
        claimed(45, "amd64/v1 only", AMD64, Platform.of("linux", "amd64", "v1"), byRuntime);
    }

    private void variants() {
        own(44, "386 only", linux("386"), "amd64 X NotFetched | old:amd64 R + | crio:amd64 X PlatformMissing");
        own(46, "amd64/v2 only", variant("amd64", "v2"), "amd64,old:amd64,crio:amd64 X PlatformMissing");
        own(46, "amd64/v3 only", variant("amd64", "v3"), "amd64,old:amd64,crio:amd64 X PlatformMissing");
        index(
                47,
                "amd64 + amd64/v3",
                "amd64,old:amd64,crio:amd64 R",
                images -> entries(images.image(AMD64), images.image(variant("amd64", "v3"))));
        own(
                48,
                "arm/v6 only",
                variant("arm", "v6"),
                "arm/v7 X NotFetched | old:arm/v7 R + | crio:arm/v7 R | old:arm/v5 X PlatformMissing");
        own(49, "arm/v6 only, on arm/v5", variant("arm", "v6"), "arm/v5,old:arm/v5,crio:arm/v5 X PlatformMissing");
        own(
                50,
                "arm/v7 only, on arm/v6",
                variant("arm", "v7"),
                "arm/v6,old:arm/v6,crio:arm/v6 X PlatformMissing | arm/v7 R");
        own(
                51,
                "arm/v7 only, on arm64",
                variant("arm", "v7"),
                "arm64 X NotFetched | old:arm64 R + | crio:arm64 X PlatformMissing");
        own(
                52,
                "arm without variant",
                linux("arm"),
                "arm/v7,old:arm/v7,crio:arm/v7 R | arm64 X NotFetched | old:arm64 R + | crio:arm64 X PlatformMissing");
        own(
                53,
                "arm without variant, on v6 and v5",
                linux("arm"),
                "arm/v6,arm/v5,old:arm/v6 X PlatformMissing | crio:arm/v6,crio:arm/v5 R");
        claimed(
                54,
                "architecture armhf",
                variant("arm", "v7"),
                linux("armhf"),
                "arm/v7,old:arm/v7 R | crio:arm/v7 X PlatformMissing | arm64 X NotFetched | old:arm64 R +");
        claimed(
                54,
                "arm, variant 7",
                variant("arm", "v7"),
                variant("arm", "7"),
                "arm/v7,old:arm/v7 R | crio:arm/v7 X PlatformMissing | arm64 X NotFetched");
        own(
                55,
                "arm/v8 only",
                variant("arm", "v8"),
                "arm/v7,old:arm/v7,crio:arm/v7 X PlatformMissing | arm64 X NotFetched | old:arm64 R +");
        own(56, "arm64/v8 only", variant("arm64", "v8"), "arm64,old:arm64,crio:arm64 R | amd64 X PlatformMissing");
        own(57, "arm64/v9 only", variant("arm64", "v9"), "arm64,old:arm64,crio:arm64 X PlatformMissing");
        own(
                58,
                "riscv64/rva20u64 only",
                variant("riscv64", "rva20u64"),
                "riscv64,old:riscv64,crio:riscv64 X PlatformMissing");
        own(
                58,
                "ppc64le/power9 only",
                variant("ppc64le", "power9"),
                "ppc64le,old:ppc64le,crio:ppc64le X PlatformMissing");
    }

    private void otherSystems() {
        own(
                59,
                "linux/amd64 with os.version",
                new Platform("linux", "amd64", "", "5.15", List.of()),
                "amd64,old:amd64,crio:amd64 R");
        own(
                60,
                "linux/amd64 with os.features",
                new Platform("linux", "amd64", "", "", List.of("sse4")),
                "amd64 X PlatformMissing | old:amd64,crio:amd64 R +");
        own(
                61,
                "windows 10.0.17763 only",
                windows("10.0.17763.1"),
                "windows-17763 R | windows-20348 X PlatformMissing");
        index(
                62,
                "windows 17763, 20348 twice, 26100",
                "windows-20348,windows-26100 R",
                images -> entries(
                        images.image(windows("10.0.17763.1")),
                        images.image(windows("10.0.20348.1")),
                        images.image(windows("10.0.20348.2")),
                        images.image(windows("10.0.26100.1"))));
        own(63, "windows without os.version", windows(""), "windows-17763,windows-? R +");
        own(64, "windows/amd64 only", windows("10.0.20348.1"), "amd64,old:amd64,crio:amd64,arm64 X PlatformMissing");
        index(
                65,
                "windows/amd64 + linux/arm64",
                "arm64,old:arm64,crio:arm64 R | amd64 X PlatformMissing",
                images -> entries(images.image(windows("10.0.20348.1")), images.image(ARM64)));
        index(
                66,
                "wasi/wasm + amd64",
                "amd64,old:amd64,crio:amd64 R | arm64 X PlatformMissing",
                images -> entries(images.image(Platform.of("wasi", "wasm")), images.image(AMD64)));
        single(67, "single wasm image", Platform.of("wasi", "wasm"), ALL + " X NotAnImage");
        add(67, "single wasm module with its own config type", ALL + " X NotAnImage", images -> {
            Descriptor config =
                    images.blob(MediaTypes.WASM_CONFIG, bytes("{\"architecture\":\"wasm\",\"os\":\"wasip1\"}"));
            images.manifest("t", MediaTypes.OCI_MANIFEST, config, List.of(images.blob("application/wasm", bytes("w"))));
            return ":t";
        });
    }

    private void notImages() {
        index(
                70,
                "artifact without platform + amd64",
                "amd64,old:amd64,crio:amd64 R | arm64,old:arm64,crio:arm64 X PlatformMissing",
                images -> entries(artifact(images), images.image(AMD64)));
        add(71, "Helm chart", ALL + " X NotAnImage", images -> {
            images.chart("t");
            return ":t";
        });
        add(72, "artifact with the empty config", ALL + " X NotAnImage", images -> {
            images.manifest(
                    "t",
                    MediaTypes.OCI_MANIFEST,
                    images.blob(MediaTypes.OCI_EMPTY, bytes("{}")),
                    List.of(text(images)));
            return ":t";
        });
        add(73, "cosign signature tag", ALL + " X NotAnImage", images -> {
            Descriptor config = images.blob(MediaTypes.OCI_CONFIG, bytes("{\"architecture\":\"\",\"os\":\"\"}"));
            Descriptor signature = images.blob("application/vnd.dev.cosign.simplesigning.v1+json", bytes("{}"));
            images.manifest("t", MediaTypes.OCI_MANIFEST, config, List.of(signature));
            return ":t";
        });
        add(
                74,
                "attestation manifest by its digest",
                ALL + " X NotAnImage",
                images -> "@" + images.attestation(images.image(AMD64)).digest());
        index(75, "referrers tag", ALL + " X NotAnImage", images -> entries(artifact(images), artifact(images)));
        String schema1 = "amd64,arm64,old:amd64,old:arm64,docker:amd64 X NotAnImage | crio:amd64,crio:arm64 R";
        odd(76, "schema 1", schema1, (images, store) -> {
            store.putManifest(
                    "t",
                    MediaTypes.DOCKER_SCHEMA1_SIGNED,
                    bytes(
                            "{\"schemaVersion\":1,\"name\":\"x\",\"tag\":\"t\",\"fsLayers\":[{\"blobSum\":\"sha256:0\"}]}"));
            return ":t";
        });
    }

    private void documents() {
        odd(77, "index served as text/plain", ALL + " X Invalid", servedAs("text/plain"));
        odd(78, "index served as application/json", ALL + " X Invalid", servedAs("application/json"));
        odd(78, "index served as octet-stream", ALL + " X Invalid", servedAs("application/octet-stream"));
        odd(78, "index served without a type", ALL + " X Invalid", servedAs(""));
        odd(
                79,
                "right Content-Type with parameters",
                "amd64,crio:amd64 R",
                servedAs(MediaTypes.OCI_INDEX + "; charset=utf-8"));
        odd(80, "index served as manifest", ALL + " X Invalid", servedAs(MediaTypes.OCI_MANIFEST));
        odd(80, "manifest served as index", ALL + " X Invalid", (images, store) -> {
            ObjectNode manifest =
                    images.manifestJson(MediaTypes.OCI_MANIFEST, images.config(AMD64), List.of(images.layer(AMD64)));
            store.putManifest("t", MediaTypes.OCI_INDEX, bytes(manifest.toString()));
            return ":t";
        });
        odd(85, "200 with HTML", ALL + " X Invalid", (images, store) -> {
            store.putManifest("t", "text/html", bytes("<html>log in</html>"));
            return ":t";
        });
        odd(85, "not JSON", ALL + " X Invalid", (images, store) -> {
            store.putManifest("t", MediaTypes.OCI_INDEX, bytes("<html>log in</html>"));
            return ":t";
        });
        index(89, "thousands of entries", "amd64,crio:amd64 R | riscv64 X PlatformMissing", images -> {
            Descriptor image = images.image(AMD64);
            List<Descriptor> many = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                many.add(claiming(image, Optional.of(Platform.of("other" + i, "amd64"))));
            }
            many.add(image);
            return many.toArray(Descriptor[]::new);
        });
        index(90, "entry of an unknown type before amd64", "amd64,old:amd64,crio:amd64 R", images -> {
            Descriptor other = images.blob("application/vnd.example.unknown+json", bytes("{}"));
            return entries(other, images.image(AMD64));
        });
        add(91, "unknown top-level fields, artifactType on an index", "amd64,old:amd64,crio:amd64 R", images -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            index.put("artifactType", "application/vnd.example")
                    .putObject("more")
                    .put("of", "it");
            images.put("t", MediaTypes.OCI_INDEX, index);
            return ":t";
        });
        odd(92, "index with both manifests and config", ALL + " X Invalid", (images, store) -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            index.putObject("config");
            images.put("t", MediaTypes.OCI_INDEX, index);
            return ":t";
        });
        add(93, "the arm64 child by its digest", "amd64,crio:amd64 X ConfigMismatch | arm64 R", images -> {
            Descriptor arm64 = images.image(ARM64);
            images.index("t", images.image(AMD64), arm64);
            return "@" + arm64.digest();
        });
        add(94, "tag and digest, tag missing", "amd64,crio:amd64 R", images -> {
            Descriptor index = images.index(null, images.image(AMD64));
            return ":gone@" + index.digest();
        });
        index(95, "zstd layers", "amd64,crio:amd64 R", images -> {
            Descriptor layer = images.blob("application/vnd.oci.image.layer.v1.tar+zstd", bytes("zstd"));
            Descriptor manifest = images.manifest(null, MediaTypes.OCI_MANIFEST, images.config(AMD64), List.of(layer));
            return entries(claiming(manifest, Optional.of(AMD64)));
        });
        add(100, "tag that does not exist", ALL + " X NotFound", images -> {
            images.image("other", AMD64);
            return ":t";
        });
    }

    private void single(int row, String name, Platform config, String expected) {
        add(row, name, expected, images -> {
            images.image("t", config);
            return ":t";
        });
    }

    /** An index of one image that is what its entry says. */
    private void own(int row, String name, Platform platform, String expected) {
        index(row, name, expected, images -> entries(images.image(platform)));
    }

    /** An index of one image whose entry names the platform in another way than its config. */
    private void claimed(int row, String name, Platform config, Platform claim, String expected) {
        index(row, name, expected, images -> entries(claiming(images.image(config), Optional.of(claim))));
    }

    private void index(int row, String name, String expected, Function<SampleImages, Descriptor[]> entries) {
        add(row, name, expected, images -> {
            images.index("t", entries.apply(images));
            return ":t";
        });
    }

    private void add(int row, String name, String expected, Function<SampleImages, String> builder) {
        shapes.add(new Shape(row, name, true, (images, store) -> builder.apply(images), Shape.expectations(expected)));
    }

    /** A shape that a registry refuses to store or would serve otherwise. */
    private void odd(int row, String name, String expected, BiFunction<SampleImages, ImageStore, String> builder) {
        shapes.add(new Shape(row, name, false, builder, Shape.expectations(expected)));
    }

    private static BiFunction<SampleImages, ImageStore, String> servedAs(String contentType) {
        return (images, store) -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            store.putManifest("t", contentType, bytes(index.toString()));
            return ":t";
        };
    }

    private static Descriptor artifact(SampleImages images) {
        Descriptor manifest = images.manifest(
                null, MediaTypes.OCI_MANIFEST, images.blob(MediaTypes.OCI_EMPTY, bytes("{}")), List.of(text(images)));
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), Optional.empty(), "text/example", Map.of());
    }

    private static Descriptor text(SampleImages images) {
        return images.blob("text/example", bytes("text"));
    }

    /** Makes images that are stored nowhere. */
    private static SampleImages ghost() {
        return new SampleImages(new MemoryRegistry());
    }

    private static Descriptor unnamed(Descriptor entry) {
        return claiming(entry, Optional.empty());
    }

    private static Descriptor[] entries(Descriptor... entries) {
        return entries;
    }

    private static Platform linux(String architecture) {
        return Platform.of("linux", architecture);
    }

    private static Platform variant(String architecture, String variant) {
        return Platform.of("linux", architecture, variant);
    }

    private static Platform windows(String version) {
        return new Platform("windows", "amd64", "", version, List.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
