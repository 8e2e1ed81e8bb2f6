package dev.stowage.registry.push;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.RegistryRequest;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Writes to one repository (distribution-spec, "Push"). A blob is uploaded by one request, as containerd does, which every registry takes.
 * Each call waits for its end, with a bounded number of retries. For one thread.
 */
public final class RegistryWriter implements AutoCloseable {

    private static final int SECONDS_PER_MEBIBYTE = 5;
    private static final long MAX_SECONDS = Duration.ofDays(7).toSeconds();

    private static final Optional<BodyPublisher> NO_BODY = Optional.of(BodyPublishers.noBody());
    private static final String DIGEST = "Docker-Content-Digest";

    private final PushClient client;

    /**
     * A writer.
     *
     * @param repository what is written to
     * @param credentials tried in this order, until one is not refused
     * @param sources other repositories of the same registry, from which blobs are mounted
     * @param timeout how long a request may take; one with a large blob takes longer
     * @throws PushException when the repository cannot be written to
     */
    public RegistryWriter(
            RegistrySettings settings,
            Repository repository,
            ReadCredentials credentials,
            Collection<Repository> sources,
            Duration timeout) {
        this.client = new PushClient(settings, repository, credentials, sources, timeout);
    }

    /** Whether this manifest or index is in the repository. */
    public boolean hasManifest(Digest digest) {
        return isOk(head("manifests", digest.toString()));
    }

    /** Whether this blob is in the repository. */
    public boolean hasBlob(Digest digest) {
        return isOk(head("blobs", digest.toString()));
    }

    /** What a tag names now; empty when there is none, or the registry does not say. */
    public Optional<Digest> digestOf(String tag) {
        return head("manifests", tag) instanceof Response response && response.status() == 200
                ? response.header(DIGEST).flatMap(Digest::parse)
                : Optional.empty();
    }

    /**
     * What a tag names, byte by byte.
     *
     * @throws PushException when it cannot be read
     */
    public byte[] manifest(String tag) {
        ExchangeResult result =
                client.retrying(() -> client.send(client.request("GET", "manifests", tag, accept(), Optional.empty())));
        if (result instanceof Response response && response.status() == 200) {
            return response.body().bytes();
        }
        throw client.failed("reading the tag " + tag + " back", result);
    }

    /**
     * Takes a blob over from another repository of the same registry, for which nothing is sent.
     *
     * @return false when the registry does not do that; nothing has changed then
     */
    public boolean mount(Digest digest, Repository source) {
        String query = "uploads/?mount=" + encoded(digest.toString()) + "&from=" + encoded(source.path());
        return client.sendForSources(client.request("POST", "blobs", query, Map.of(), NO_BODY))
                        instanceof Response response
                && response.status() == 201;
    }

    /**
     * Uploads a blob.
     *
     * @param file its content
     * @throws PushException when the registry does not take it
     */
    public void upload(Descriptor blob, Path file) {
        ExchangeResult result = client.retrying(() -> begin(blob, file));
        if (!isWritten(result)) {
            throw client.failed("uploading the blob " + blob.digest() + " (" + blob.size() + " bytes)", result);
        }
    }

    /** How much longer than other requests one for this blob may take. Its size is what a manifest says, so it may be anything. */
    public static Duration timeFor(Descriptor blob) {
        return Duration.ofSeconds(Math.min(MAX_SECONDS, (blob.size() >> 20) * SECONDS_PER_MEBIBYTE));
    }

    /** Each attempt begins an upload of its own: what is left of one that broke off is not known. */
    private ExchangeResult begin(Descriptor blob, Path file) {
        RegistryRequest begin = client.request("POST", "blobs", "uploads/", Map.of(), NO_BODY);
        ExchangeResult begun = client.send(begin);
        if (!(begun instanceof Response response) || response.status() != 202) {
            return begun;
        }
        Optional<String> location = response.header("Location");
        return location.isEmpty()
                ? Failure.permanent(
                        Kind.UNAVAILABLE, client.host() + " began an upload without saying where (no Location header)")
                : client.sendTo(
                        begin,
                        location.get(),
                        there -> withDigest(there, blob.digest()),
                        content(file),
                        MediaTypes.OCTET_STREAM,
                        timeFor(blob));
    }

    /**
     * Stores a manifest or index.
     *
     * @param target its digest, or a tag
     * @throws PushException when the registry does not take it, or takes it for another
     */
    public void put(String target, String mediaType, byte[] content) {
        String step = target.contains(":") ? "pushing the manifest " + target : "setting the tag " + target;
        Map<String, String> headers = Map.of("Content-Type", mediaType);
        ExchangeResult result = client.retrying(() -> client.send(
                client.request("PUT", "manifests", target, headers, Optional.of(BodyPublishers.ofByteArray(content)))));
        if (!isWritten(result)) {
            throw client.failed(step, result);
        }
        Optional<Digest> stored = ((Response) result).header(DIGEST).flatMap(Digest::parse);
        if (stored.isPresent() && !stored.get().describes(content)) {
            throw new PushException(
                    step + " failed: " + client.host() + " says that it stored " + stored.get() + " instead", false);
        }
    }

    private ExchangeResult head(String what, String target) {
        return client.send(client.request("HEAD", what, target, accept(), Optional.empty()));
    }

    private static Map<String, String> accept() {
        return Map.of("Accept", String.join(", ", MediaTypes.ACCEPTED_MANIFESTS));
    }

    private static BodyPublisher content(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI withDigest(URI location, Digest digest) {
        String joint = location.getRawQuery() == null ? "?" : "&";
        return URI.create(location + joint + "digest=" + encoded(digest.toString()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean isOk(ExchangeResult result) {
        return result instanceof Response response && response.status() == 200;
    }

    private static boolean isWritten(ExchangeResult result) {
        return result instanceof Response response && response.status() >= 200 && response.status() < 300;
    }

    /** Ends all threads and connections. */
    @Override
    public void close() {
        client.close();
    }
}
