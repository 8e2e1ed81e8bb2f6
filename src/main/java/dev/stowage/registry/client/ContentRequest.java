package dev.stowage.registry.client;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.ResponseBody;
import dev.stowage.registry.transport.StatusMapping.ErrorDetail;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A request for content, and the checks of its response.
 *
 * @param operation the kind of request
 * @param target tag or digest
 * @param digest the digest of the bytes; empty for a tag
 * @param size the number of bytes, where it is known
 * @param file where it is written to, instead of memory
 */
record ContentRequest(
        RegistryObserver.Operation operation,
        String target,
        Optional<Digest> digest,
        OptionalLong size,
        Optional<Path> file) {

    /** containerd's bound for manifests (its remotes/docker/fetcher.go): 4 × 1048 × 1048. */
    static final long MANIFEST_BOUND = 4_393_216;

    static final long BLOB_BOUND = 8L * 1024 * 1024;

    /** Registries accept less; who downloads has a bound of its own. */
    static final long FILE_BOUND = 1L << 40;

    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");

    static ContentRequest manifest(String target) {
        return new ContentRequest(
                RegistryObserver.Operation.MANIFEST,
                target,
                Digest.parse(target),
                OptionalLong.empty(),
                Optional.empty());
    }

    static ContentRequest entry(Descriptor entry) {
        return describe(RegistryObserver.Operation.MANIFEST, entry, Optional.empty());
    }

    static ContentRequest blob(Descriptor blob) {
        return describe(RegistryObserver.Operation.BLOB, blob, Optional.empty());
    }

    static ContentRequest download(Descriptor blob, Path file) {
        return describe(RegistryObserver.Operation.BLOB, blob, Optional.of(file));
    }

    static ContentRequest referrers(Digest subject) {
        return new ContentRequest(
                RegistryObserver.Operation.REFERRERS,
                subject.toString(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    static ContentRequest digestOf(String tag) {
        return new ContentRequest(
                RegistryObserver.Operation.DIGEST, tag, Optional.empty(), OptionalLong.empty(), Optional.empty());
    }

    /** The HEAD request by which containerd learns what this is. */
    ContentRequest head() {
        return new ContentRequest(
                RegistryObserver.Operation.DIGEST, target, digest, OptionalLong.empty(), Optional.empty());
    }

    /** Whether this is the document that a reference names, rather than one that an index or manifest names. */
    boolean isTopDocument() {
        return operation == RegistryObserver.Operation.MANIFEST && size.isEmpty();
    }

    private static ContentRequest describe(
            RegistryObserver.Operation operation, Descriptor descriptor, Optional<Path> file) {
        return new ContentRequest(
                operation,
                descriptor.digest().toString(),
                Optional.of(descriptor.digest()),
                OptionalLong.of(descriptor.size()),
                file);
    }

    /** Why this is not requested at all; empty when it is. */
    Optional<ErrorDetail> validateTarget() {
        if (operation == RegistryObserver.Operation.REFERRERS) {
            return Optional.empty();
        }
        if (digest.isEmpty() && !TAG.matcher(target).matches()) {
            return Optional.of(new ErrorDetail(Kind.INVALID, "is not a valid tag or digest"));
        }
        return size.orElse(0) > limit() ? Optional.of(tooLarge()) : Optional.empty();
    }

    String subject(Repository repository) {
        boolean byDigest = digest.isPresent() || operation == RegistryObserver.Operation.REFERRERS;
        return repository + (byDigest ? "@" : ":") + target;
    }

    String kindOfPath() {
        return switch (operation) {
            case BLOB -> "blobs";
            case REFERRERS -> "referrers";
            case MANIFEST, DIGEST, TOKEN -> "manifests";
        };
    }

    Map<String, String> headers() {
        return operation == RegistryObserver.Operation.BLOB
                ? Map.of()
                : Map.of("Accept", String.join(", ", MediaTypes.ACCEPTED_MANIFESTS));
    }

    /** The most bytes to read. */
    long bound() {
        return Math.min(size.orElse(Long.MAX_VALUE), limit());
    }

    private long limit() {
        if (file.isPresent()) {
            return FILE_BOUND;
        }
        return operation == RegistryObserver.Operation.BLOB ? BLOB_BOUND : MANIFEST_BOUND;
    }

    private ErrorDetail tooLarge() {
        return new ErrorDetail(
                Kind.TOO_LARGE,
                "is larger than " + limit() + " bytes, which is more than "
                        + (file.isPresent() ? "is downloaded" : "a node accepts"));
    }

    /** Why a response with status 200 is invalid; empty when it is valid. */
    Optional<ErrorDetail> validateResponse(Response response, String host) {
        ResponseBody body = response.body();
        if (size.isPresent() && (!body.whole() || body.length() != size.getAsLong())) {
            String length = body.whole() ? body.length() + "" : "more";
            return invalid(
                    "the size is wrong: " + size.getAsLong() + " bytes are declared, " + host + " sent " + length);
        }
        if (!body.whole()) {
            return Optional.of(tooLarge());
        }
        if (body.length() == 0) {
            return invalid(host + " sent an empty response");
        }
        if (digest.isPresent() && !digest.get().equals(body.digest())) {
            return invalid("the digest is wrong: " + host + " sent " + body.digest());
        }
        return digest.isEmpty() ? checkDigestHeader(response, host).or(() -> notJson(body, host)) : notJson(body, host);
    }

    /** Runtimes trust the header of a tag, so a wrong one fails the pull. */
    private Optional<ErrorDetail> checkDigestHeader(Response response, String host) {
        return headerDigest(response)
                .filter(declared -> !declared.describes(response.body().bytes()))
                .flatMap(declared -> invalid("the digest is wrong: " + host + " declared " + declared + " but sent "
                        + response.body().digest()));
    }

    private Optional<ErrorDetail> notJson(ResponseBody body, String host) {
        if (operation == RegistryObserver.Operation.BLOB) {
            return Optional.empty();
        }
        for (byte b : body.bytes()) {
            if (b == '{') {
                return Optional.empty();
            }
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                break;
            }
        }
        return invalid(host + " sent something that is not a JSON object, perhaps a login or proxy page");
    }

    /** The digest that the registry declares; empty without a valid one. */
    static Optional<Digest> headerDigest(Response response) {
        return response.header("Docker-Content-Digest").map(String::trim).flatMap(Digest::parse);
    }

    private static Optional<ErrorDetail> invalid(String reason) {
        return Optional.of(new ErrorDetail(Kind.INVALID, reason));
    }
}
