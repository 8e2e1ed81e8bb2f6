package dev.stowage.testing;

import static dev.stowage.demo.SampleImages.claiming;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Artifacts that are no images, and documents that are not valid or not served as what they are. */
final class DocumentShapes extends ShapeTable {

    DocumentShapes() {
        notImages();
        documents();
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
}
