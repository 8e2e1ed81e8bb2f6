package dev.stowage.testing;

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

/** Some of the {@link Shapes}, and how they are made. */
abstract class ShapeTable {

    static final Platform AMD64 = Platform.of("linux", "amd64");
    static final Platform ARM64 = Platform.of("linux", "arm64");
    static final String ALL = "amd64,arm64,arm/v7,old:amd64,old:arm64,crio:amd64,crio:arm64";

    private final List<Shape> shapes = new ArrayList<>();

    /** In the order of their rows. */
    final Stream<Shape> stream() {
        return shapes.stream();
    }

    void single(int row, String name, Platform config, String expected) {
        add(row, name, expected, images -> {
            images.image("t", config);
            return ":t";
        });
    }

    /** An index of one image that is what its entry says. */
    void own(int row, String name, Platform platform, String expected) {
        index(row, name, expected, images -> entries(images.image(platform)));
    }

    /** An index of one image whose entry names the platform in another way than its config. */
    void claimed(int row, String name, Platform config, Platform claim, String expected) {
        index(row, name, expected, images -> entries(claiming(images.image(config), Optional.of(claim))));
    }

    void index(int row, String name, String expected, Function<SampleImages, Descriptor[]> entries) {
        add(row, name, expected, images -> {
            images.index("t", entries.apply(images));
            return ":t";
        });
    }

    void add(int row, String name, String expected, Function<SampleImages, String> builder) {
        shapes.add(new Shape(row, name, true, (images, store) -> builder.apply(images), Shape.expectations(expected)));
    }

    /** A shape that a registry refuses to store or would serve otherwise. */
    void odd(int row, String name, String expected, BiFunction<SampleImages, ImageStore, String> builder) {
        shapes.add(new Shape(row, name, false, builder, Shape.expectations(expected)));
    }

    static BiFunction<SampleImages, ImageStore, String> servedAs(String contentType) {
        return (images, store) -> {
            ObjectNode index = images.indexJson(MediaTypes.OCI_INDEX, images.image(AMD64));
            store.putManifest("t", contentType, bytes(index.toString()));
            return ":t";
        };
    }

    static Descriptor artifact(SampleImages images) {
        Descriptor manifest = images.manifest(
                null, MediaTypes.OCI_MANIFEST, images.blob(MediaTypes.OCI_EMPTY, bytes("{}")), List.of(text(images)));
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), Optional.empty(), "text/example", Map.of());
    }

    static Descriptor text(SampleImages images) {
        return images.blob("text/example", bytes("text"));
    }

    /** Makes images that are stored nowhere. */
    static SampleImages ghost() {
        return new SampleImages(new MemoryRegistry());
    }

    static Descriptor unnamed(Descriptor entry) {
        return claiming(entry, Optional.empty());
    }

    static Descriptor[] entries(Descriptor... entries) {
        return entries;
    }

    static Platform linux(String architecture) {
        return Platform.of("linux", architecture);
    }

    static Platform variant(String architecture, String variant) {
        return Platform.of("linux", architecture, variant);
    }

    static Platform windows(String version) {
        return new Platform("windows", "amd64", "", version, List.of());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
