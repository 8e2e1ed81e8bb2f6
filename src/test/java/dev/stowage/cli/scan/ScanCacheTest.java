package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import dev.stowage.oci.Index;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanCacheTest {

    private static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));
    private static final Verdict MISSING = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains linux/amd64 only");
    private static final ImageScans.Key KEY = new ImageScans.Key("r.example/a:1", Purpose.RUN);

    @TempDir
    private Path folder;

    private Path file;
    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void name() {
        file = folder.resolve("cache");
    }

    private ScanCache read(Verification verification, Duration later) {
        return ScanCache.read(file, verification, Clock.offset(Clock.systemUTC(), later), notes);
    }

    private void writeOne(Verdict onArm64) throws IOException {
        ImageContents contents = new ImageContents(
                Optional.of(Digest.of("x".getBytes(StandardCharsets.UTF_8))),
                true,
                List.of(Platform.of("linux", "amd64")),
                0,
                Optional.of(new Index("application/vnd.oci.image.index.v1+json", List.of())));
        read(Verification.INDEX, Duration.ZERO)
                .write(Map.of(
                        KEY,
                        new ImageAssessment(
                                KEY.image(), contents, Map.of(AMD64, new Verdict.Runs(List.of()), ARM64, onArm64))));
    }

    @Test
    @DisplayName("only what lies in the content is kept, for its owner alone, and no longer than a day or so")
    void content() throws IOException {
        writeOne(new Verdict.Undetermined(Reason.TIMEOUT, "no answer"));

        assertThat(Files.readString(file)).contains("linux/amd64").doesNotContain("no answer", "linux/arm64");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(read(Verification.INDEX, Duration.ofHours(1)).size()).isOne();
        assertThat(read(Verification.INDEX, Duration.ofHours(27)).size()).isZero();
        assertThat(Files.list(folder)).containsExactly(file);
        assertThat(notes).isEmpty();
    }

    @Test
    @DisplayName("what an index claims is not enough for --verify")
    void verified() throws IOException {
        writeOne(MISSING);

        assertThat(read(Verification.INDEX, Duration.ZERO).size()).isOne();
        assertThat(read(Verification.MANIFESTS, Duration.ZERO).size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apiVersion: v1 | cannot be read: it is ignored and left as it is",
                "{\"kind\":\"Config\"} | is not a cache of stowage scan: it is ignored and left as it is",
                "[] | cannot be read: it is ignored and left as it is",
                "null | is not a cache of stowage scan: it is ignored and left as it is"
            })
    void aFileOfSomethingElseIsNamedAndLeftAsItIs(String content, String note) throws IOException {
        Files.writeString(file, content);

        writeOne(MISSING);

        assertThat(notes).singleElement().asString().contains(note);
        assertThat(file).hasContent(content);
    }

    @Test
    void anotherVersionIsNamedAndWrittenAgain() throws IOException {
        Files.writeString(file, "{\"kind\":\"stowage-scan-cache\",\"version\":99,\"images\":[{\"image\":1}]}");

        writeOne(MISSING);

        assertThat(notes).singleElement().asString().contains("was written by another version of Stowage");
        assertThat(read(Verification.INDEX, Duration.ZERO).size()).isOne();
    }

    @Test
    void entriesThatStowageDidNotWriteAreLeftOut() throws IOException {
        writeOne(MISSING);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("PLATFORM_MISSING", "TIMEOUT")
                        .replace("\"images\":[", "\"images\":[null,{\"image\":\"x\"},"));

        assertThat(read(Verification.INDEX, Duration.ZERO).size()).isZero();
    }
}
