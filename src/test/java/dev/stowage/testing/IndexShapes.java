package dev.stowage.testing;

import static dev.stowage.demo.SampleImages.UNKNOWN;
import static dev.stowage.demo.SampleImages.claiming;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Single manifests and indexes: which entry a runtime takes, and what it then finds. */
final class IndexShapes extends ShapeTable {

    IndexShapes() {
        singles();
        attestations();
        withoutPlatform();
        nested();
        lies();
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
}
