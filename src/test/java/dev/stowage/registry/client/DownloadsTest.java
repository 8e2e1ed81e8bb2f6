package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.testing.FakeRegistryAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that are written to files, and lists of referrers. */
class DownloadsTest extends RegistryTesting {

    private static final String TYPE = "application/octet-stream";
    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(StandardCharsets.UTF_8);
    private static final Digest SUBJECT = Digest.of(INDEX);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a blob larger than what is held in memory is written as it comes")
    void large() throws Exception {
        byte[] content = new byte[24 << 20];
        new Random(7).nextBytes(content);
        Descriptor blob = Descriptor.of(TYPE, fake.store("team/app").putBlob(content), content.length);
        Path file = folder.resolve("blob");
        Files.writeString(file, "what was there before");

        RegistryResult<Path> result = download(blob, file);

        assertThat(result.<Path>fold(found -> found, failure -> Path.of(failure.reason())))
                .isEqualTo(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(fake.asked()).containsExactly("GET /v2/team/app/blobs/" + blob.digest());
    }

    @Test
    @DisplayName("another content, another length, an error: a failure that says so")
    void wrong() {
        Descriptor blob = Descriptor.of(TYPE, Digest.of(new byte[] {1, 2, 3}), 3);
        fake.on(
                "/v2/.*",
                FakeRegistryAnswer.inTurn(
                        FakeRegistryAnswer.ok(TYPE, new byte[] {1, 2, 4}),
                        FakeRegistryAnswer.ok(TYPE, new byte[] {1, 2, 3, 4}),
                        FakeRegistryAnswer.status(404).error("BLOB_UNKNOWN", "gone"),
                        FakeRegistryAnswer.ok(TYPE, new byte[] {1, 2, 3}).cutAfter(2)));

        assertThat(failed(blob).reason()).contains("the digest is wrong");
        assertThat(failed(blob).reason()).contains("the size is wrong: 3 bytes are declared");
        assertThat(failed(blob).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failed(blob).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("what is too large for a file is not requested")
    void tooLarge() {
        Descriptor blob = Descriptor.of(TYPE, SUBJECT, (1L << 40) + 1);

        assertThat(failed(blob).kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(fake.asked()).isEmpty();
    }

    @Test
    @DisplayName("a file that cannot be written is not the registry's fault")
    void unwritable() {
        byte[] content = {1, 2, 3};
        Descriptor blob = Descriptor.of(TYPE, fake.store("team/app").putBlob(content), content.length);
        Path file = folder.resolve("missing").resolve("blob");

        RegistryFailure failure = failure(download(blob, file));

        assertThat(failure.reason()).startsWith("cannot write " + file + ": ");
        assertThat(fake.asked()).hasSize(1);
    }

    @Test
    @DisplayName("what refers to a manifest is listed by the registry")
    void referrers() {
        fake.on("/v2/team/app/referrers/" + SUBJECT, FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, INDEX));
        assertThat(referrersOf().<String>fold(found -> found.contentType(), RegistryFailure::reason))
                .isEqualTo(MediaTypes.OCI_INDEX);
        assertThat(fake.asked()).containsExactly("GET /v2/team/app/referrers/" + SUBJECT);
    }

    @Test
    @DisplayName("where the registry has no such list, the one under the tag counts")
    void referrersTag() {
        fake.on("/v2/team/app/referrers/.*", FakeRegistryAnswer.status(404).error("NOT_FOUND", "no such page"));
        fake.on("/v2/team/app/manifests/sha256-" + SUBJECT.hex(), FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, INDEX));
        assertThat(referrersOf().<Integer>fold(found -> found.bytes().length, failure -> 0))
                .isEqualTo(INDEX.length);
    }

    private RegistryResult<Content> referrersOf() {
        return get(
                client().referrers(fake.repository("team/app"), SUBJECT, ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
    }

    private RegistryFailure failed(Descriptor blob) {
        return failure(download(blob, folder.resolve("blob")));
    }

    private RegistryResult<Path> download(Descriptor blob, Path file) {
        return get(client().download(
                        fake.repository("team/app"),
                        blob,
                        file,
                        ReadCredentials.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(30))));
    }
}
