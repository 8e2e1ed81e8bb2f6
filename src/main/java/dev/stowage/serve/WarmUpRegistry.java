package dev.stowage.serve;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A registry in memory: every tag of every repository is an index of one amd64 image, unless the tag begins with {@code arm64}. */
final class WarmUpRegistry implements Registry {

    private final Map<String, Content> contents = new HashMap<>();
    private final Content amd64 = index("amd64");
    private final Content arm64 = index("arm64");

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        return target.startsWith("sha256:")
                ? content(repository, target)
                : CompletableFuture.completedFuture(new RegistryResult.Success<>(tagged(target)));
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return CompletableFuture.completedFuture(
                new RegistryResult.Success<>(tagged(tag).digest()));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return content(repository, entry.digest().toString());
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return content(repository, blob.digest().toString());
    }

    private Content tagged(String tag) {
        return tag.startsWith("arm64") ? arm64 : amd64;
    }

    private CompletableFuture<RegistryResult<Content>> content(Repository repository, String digest) {
        Content content = contents.get(digest);
        return CompletableFuture.completedFuture(
                content != null
                        ? new RegistryResult.Success<>(content)
                        : new RegistryResult.Failure<>(RegistryFailure.of(
                                RegistryFailure.Kind.NOT_FOUND, repository.registry(), digest, "not found")));
    }

    private Content index(String architecture) {
        String platform = "\"os\":\"linux\",\"architecture\":\"" + architecture + "\"";
        Content config = keep(
                MediaTypes.OCI_CONFIG,
                "{" + platform + ",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
        Content manifest = keep(
                MediaTypes.OCI_MANIFEST,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":{"
                        + descriptor(config) + "},\"layers\":[]}");
        return keep(
                MediaTypes.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[{"
                        + descriptor(manifest) + ",\"platform\":{" + platform + "}}]}");
    }

    private static String descriptor(Content content) {
        return "\"mediaType\":\"" + content.contentType() + "\",\"digest\":\"" + content.digest() + "\",\"size\":"
                + content.bytes().length;
    }

    private Content keep(String mediaType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Content content = new Content(bytes, mediaType, Digest.of(bytes));
        contents.put(content.digest().toString(), content);
        return content;
    }
}
