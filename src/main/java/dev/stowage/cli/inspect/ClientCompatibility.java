package dev.stowage.cli.inspect;

import dev.stowage.cli.output.Inspection.View;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.oci.Schema1;
import dev.stowage.platform.Platform;
import dev.stowage.resolve.ResolvedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compatibility of an image with common clients, from its own documents: the docker CLI before 23.0 (which knows the
 * OCI index but not the OCI manifest), clients of Docker's media types alone, {@code docker manifest create}, copying into
 * another repository, AWS Lambda, and {@link ToolCompatibility other tools}; then nodes.
 */
final class ClientCompatibility {

    private static final String IMAGETOOLS = "docker buildx imagetools";

    private static final Set<Platform> LAMBDA = Set.of(
            Platform.of("linux", "amd64").normalized(),
            Platform.of("linux", "arm64").normalized());

    private ClientCompatibility() {}

    /** All views of an image that was read. */
    static List<View> of(ResolvedImage image) {
        Document document = image.document().fold(found -> found, failure -> {
            throw new IllegalArgumentException("an image that was not read has no views");
        });
        if (document instanceof Schema1) {
            // clients other than container runtimes refuse it or convert it, by their age
            return NodeCompatibility.of(image);
        }
        String name = image.reference().toString();
        List<View> views = new ArrayList<>();
        views.add(oldDockerCli(document));
        views.add(dockerTypesOnly(document));
        views.add(manifestCreate(document, name));
        views.add(otherRepository(document, name));
        views.add(lambda(document, image));
        views.addAll(ToolCompatibility.of(document, name));
        views.addAll(NodeCompatibility.of(image));
        return views;
    }

    /** docker/cli v20.10: accepts Docker manifest, Docker list and OCI index; requests every entry of an index in turn. */
    private static View oldDockerCli(Document document) {
        String who = "docker-cli-20.10";
        if (document instanceof Manifest manifest) {
            return isOci(manifest.mediaType())
                    ? new View(
                            who,
                            false,
                            "docker manifest inspect fails with \"no such manifest\": before 23.0 the CLI does not accept OCI"
                                    + " manifests, and this is one. Use docker 23.0 or newer, or " + IMAGETOOLS
                                    + " inspect.")
                    : new View(who, true, "docker manifest inspect shows it: it is a Docker manifest.");
        }
        List<Descriptor> entries = ((Index) document).entries();
        Optional<Descriptor> first =
                entries.stream().filter(entry -> isOci(entry.mediaType())).findFirst();
        if (first.isEmpty()) {
            return new View(who, true, "docker manifest inspect shows all " + entries.size() + " entries.");
        }
        long oci = entries.stream().filter(entry -> isOci(entry.mediaType())).count();
        return new View(
                who,
                false,
                "docker manifest inspect reads the index and then fails with \"no such manifest\": it requests each entry"
                        + " without accepting OCI manifests, and " + oci + " of " + entries.size()
                        + " are OCI manifests, "
                        + named(first.get()) + " first. The image is there. Use docker 23.0 or newer, or " + IMAGETOOLS
                        + " inspect.");
    }

    private static View dockerTypesOnly(Document document) {
        String who = "docker-types-only";
        String type = document.mediaType();
        if (isOci(type) || MediaTypes.OCI_INDEX.equals(type)) {
            String what = isOci(type) ? "manifest" : "index";
            String others = isOci(type)
                    ? ""
                    : " Registries that send it all the same (distribution 3) hand such a client a document it does not know.";
            return new View(
                    who,
                    false,
                    "A client that accepts Docker's media types alone gets 404 MANIFEST_UNKNOWN, though the tag exists,"
                            + " because it is an OCI " + what + " (" + type + ")." + others
                            + " Let the client accept OCI types; a newer version usually does.");
        }
        if (document instanceof Index index) {
            long oci = index.entries().stream()
                    .filter(entry -> isOci(entry.mediaType()))
                    .count();
            String amd64 = index.entries().stream().anyMatch(entry -> entry.platform()
                            .map(platform -> Platform.of("linux", "amd64").equals(platform.normalized()))
                            .orElse(false))
                    ? " A client that does not know lists either gets the linux/amd64 manifest, whatever its own platform."
                    : " A client that does not know lists either gets nothing: there is no linux/amd64 entry.";
            return oci > 0
                    ? new View(
                            who,
                            false,
                            "It reads the Docker manifest list and then gets 404 for the " + oci
                                    + " entries that are OCI manifests." + amd64)
                    : new View(who, true, "It reads the Docker manifest list and all its entries." + amd64);
        }
        return new View(who, true, "It reads the Docker manifest.");
    }

    private static View manifestCreate(Document document, String name) {
        String who = "docker-manifest-create";
        if (document instanceof Index index) {
            long attestations =
                    index.entries().stream().filter(Attestation::isAnnotated).count();
            String why = attestations > 0
                    ? " Buildx adds attestations since 0.10, here " + attestations
                            + ", and so pushes an index even for one platform."
                    : "";
            return new View(
                    who,
                    false,
                    "docker manifest create … " + name + " fails with \"" + name
                            + " is a manifest list\", in every version:"
                            + " it puts together single manifests only, and this is an index of "
                            + index.entries().size() + "." + why + " Use " + IMAGETOOLS + " create -t TARGET " + name
                            + " OTHER…, which merges indexes, or stowage merge --push; or push single manifests (see the build flags)."
                            + " docker manifest annotate changes only what create has put together.");
        }
        return isOci(document.mediaType())
                ? new View(
                        who,
                        true,
                        "docker 23.0 and newer take it; older ones fail with \"no such manifest\", because it is an OCI manifest.")
                : new View(who, true, "docker manifest create takes it.");
    }

    private static View otherRepository(Document document, String name) {
        String who = "other-repository";
        String fix = " " + IMAGETOOLS + " create -t OTHER-REPOSITORY:TAG " + name
                + " copies everything byte by byte and keeps the digests.";
        if (document instanceof Index index) {
            String entries = index.entries().isEmpty()
                    ? "its entries"
                    : index.entries().size() + " manifests, first "
                            + named(index.entries().get(0));
            return new View(
                    who,
                    false,
                    "An index may refer only to content of its own repository. Pushed to another repository, or merged there with"
                            + " docker manifest push, it is rejected with \"manifest blob unknown\" until " + entries
                            + ", are there under the same digests; docker manifest writes new copies, which changes"
                            + " their digests." + fix);
        }
        return new View(
                who,
                false,
                "A list in another repository cannot refer to this manifest: the push is rejected with \"manifest blob unknown\""
                        + " until it has been copied there unchanged." + fix);
    }

    /** AWS Lambda (developer guide, "Create a Lambda function using a container image"; aws-lambda-roadmap#82): single manifests only. */
    private static View lambda(Document document, ResolvedImage image) {
        String who = "aws-lambda";
        if (document instanceof Index index) {
            String digest = index.entries().stream()
                    .filter(entry -> entry.platform()
                            .filter(platform -> LAMBDA.contains(platform.normalized()))
                            .isPresent())
                    .filter(entry -> !Attestation.isAnnotated(entry))
                    .findFirst()
                    .map(entry -> ", or name the image of the function's architecture by its digest, such as "
                            + image.reference().repository() + "@" + entry.digest() + " ("
                            + entry.platform().orElseThrow() + ")")
                    .orElse("");
            return new View(
                    who,
                    false,
                    "A function made of it fails with \"The image manifest, config or layer media type for the source image …"
                            + " is not supported\": Lambda takes single manifests only, and this is an index of "
                            + index.entries().size() + ". Build for one platform with --provenance=false --sbom=false"
                            + digest + ".");
        }
        Optional<Platform> platform = image.config().map(config -> config.platform());
        return platform.isPresent() && !LAMBDA.contains(platform.get().normalized())
                ? new View(who, false, "Lambda runs linux/amd64 and linux/arm64; this is " + platform.get() + ".")
                : new View(who, true, "It is a single manifest, which Lambda takes from Amazon ECR.");
    }

    static boolean isOci(String mediaType) {
        return MediaTypes.OCI_MANIFEST.equals(mediaType);
    }

    private static String named(Descriptor entry) {
        return entry.digest().abbreviated()
                + entry.platform().map(platform -> " (" + platform + ")").orElse("");
    }
}
