package dev.stowage.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.attestation.StatementReader;
import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InspectAttestationsTest {

    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private static final String PROVENANCE = """
              builder         https://github.com/acme/shop/actions/runs/3709599520
              build type      https://mobyproject.org/buildkit@v1
              source          https://github.com/acme/shop at 4b220de5058abfd01ff619c9d2ff6b09a049bea0, with changes that
                              were not committed
              entry point     Dockerfile
              built           2026-11-20T10:00:00.5Z, in 42 s
              built on        linux/amd64
              materials       4
              base image      golang:1.22-alpine (linux/amd64)
                              sha256:0d3653dd6f35159ec6e3d10263a42372f6f194c3dea0b35235d72aabde86486e
              base image      gcr.io/distroless/static:nonroot (linux/amd64)
              build arguments VERSION, TOKEN (values are not shown)
              note            base image gcr.io/distroless/static:nonroot has no digest: the provenance does not say which
                              image it was
            """;

    private static final String SBOM = """
              tool            syft-v1.16.0, buildkit-v0.17.0
              packages        4: 2 deb, 1 npm, 1 other
              distribution    debian-12
              licences        2, 2 packages without
            """;

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);
    private final Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
    private final Descriptor arm64 = images.image(Platform.of("linux", "arm64"));

    @Test
    @DisplayName("what provenance and SBOM say, in a few lines each")
    void text() throws Exception {
        images.index(
                "t", amd64, attestation(amd64, layer("provenance-0.2-max.json", amd64), layer("spdx.json", amd64)));

        CommandRun.Result result = run("--attestations");

        String about = "of linux/amd64 (" + amd64.digest().abbreviated() + ")\n";
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("\nprovenance (SLSA 0.2, mode=max) " + about + PROVENANCE)
                .contains("\nSBOM (SPDX 2.3) " + about + SBOM);
        assertThat(result.out()).doesNotContain("s3cr3t");
    }

    @Test
    @DisplayName("the same as JSON")
    void json() throws Exception {
        Descriptor attestation = attestation(amd64, layer("provenance-0.2-max.json", amd64), layer("spdx.json", amd64));
        images.index("t", amd64, attestation);

        JsonNode provenance = inspect().at("/attestations/0");

        assertThat(provenance.at("/manifest").asText())
                .isEqualTo(attestation.digest().toString());
        assertThat(provenance.at("/predicateType").asText()).isEqualTo("https://slsa.dev/provenance/v0.2");
        assertThat(provenance.at("/subjects/0").asText())
                .isEqualTo(amd64.digest().toString());
        assertThat(provenance.at("/provenance/dirty").asBoolean()).isTrue();
        assertThat(provenance.at("/provenance/mode").asText()).isEqualTo("max");
        assertThat(provenance.at("/provenance/baseImages")).hasSize(2);
        assertThat(provenance.at("/provenance/buildArguments/0").asText()).isEqualTo("VERSION");
        assertThat(provenance.at("/findings")).hasSize(1);
        assertThat(inspect().at("/attestations/1/sbom/ecosystems/deb").asInt()).isEqualTo(2);
        assertThat(inspect().toString()).doesNotContain("s3cr3t");
    }

    @Test
    @DisplayName("a statement about another image than its entry is found")
    void otherSubject() throws Exception {
        images.index("t", amd64, arm64, attestation(arm64, layer("provenance-1-min.json", amd64)));

        assertThat(inspect().at("/attestations/0/findings")).singleElement().satisfies(finding -> assertThat(
                        finding.asText())
                .isEqualTo("the statement is about linux/amd64 ("
                        + amd64.digest().abbreviated() + "), but the index lists it as about linux/arm64 ("
                        + arm64.digest().abbreviated() + ")"));
    }

    @Test
    @DisplayName("an attestation for a digest that is not in the index is found")
    void notInTheIndex() throws Exception {
        images.index("t", amd64, attestation(arm64, layer("provenance-1-min.json", arm64)));

        assertThat(inspect().at("/attestations/0/findings/0").asText())
                .isEqualTo("it is about " + arm64.digest().abbreviated() + ", which is not in this index");
    }

    @Test
    @DisplayName("other predicates: type and size; what is no statement, and what is gone, is named")
    void others() throws Exception {
        Descriptor other = images.blob(
                IN_TOTO, bytes("{\"predicateType\":\"https://openvex.dev/ns/v0.2.0\",\"predicate\":{\"a\":1}}"));
        Descriptor broken = images.blob(IN_TOTO, bytes("{\"\u001b[31m"));
        Descriptor gone = images.blob(IN_TOTO, bytes("{}"));
        registry.fail(gone.digest().toString(), RegistryFailure.Kind.NOT_FOUND);
        images.index("t", amd64, attestation(amd64, other, broken, gone));

        String out = run("--attestations").out();

        assertThat(out)
                .contains("type            https://openvex.dev/ns/v0.2.0", "size            " + other.size() + " bytes")
                .contains(broken.digest().abbreviated() + " cannot be read: it is not valid JSON")
                .contains(gone.digest().abbreviated() + ": " + RegistryFailure.Kind.NOT_FOUND.label())
                .doesNotContain("\u001b");
    }

    @Test
    @DisplayName("statements of more than 1 GiB together are not read, and said not to be")
    void tooLarge() throws Exception {
        Descriptor spdx = layer("spdx.json", amd64);
        Descriptor huge = Descriptor.of(IN_TOTO, Digest.of(new byte[] {7}), (1L << 30) - 10);
        images.index("t", amd64, attestation(amd64, spdx, huge));

        assertThat(run("--attestations").out())
                .contains("SBOM (SPDX 2.3)")
                .contains(huge.digest().abbreviated() + " was not read: all statements together are larger than");
        assertThat(registry.asked()).doesNotContain(huge.digest().toString());
    }

    @Test
    @DisplayName("control characters of statements reach no terminal")
    void hostileTexts() throws Exception {
        Descriptor hostile = images.blob(
                IN_TOTO,
                bytes("{\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{\"runDetails\":"
                        + "{\"builder\":{\"id\":\"\\u001b]0;owned\\u0007\\u202e\"}}}}"));
        images.index("t", amd64, attestation(amd64, hostile));

        assertThat(run("--attestations").out())
                .contains("\\u001b]0;owned\\u0007\\u202e")
                .doesNotContain("\u001b", "\u0007", "\u202e");
    }

    @Test
    @DisplayName("cosign's signature and attestation are found by their tags, and said not to be verified")
    void cosign() throws Exception {
        Descriptor index = images.index("t", amd64);
        String tag = "sha256-" + index.digest().hex();
        images.manifest(
                tag + ".sig",
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_CONFIG, bytes("{}")),
                List.of(images.blob("application/vnd.dev.cosign.simplesigning.v1+json", bytes("{}"))));
        images.manifest(
                tag + ".att",
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_CONFIG, bytes("{}")),
                List.of(images.blob(
                        "application/vnd.dsse.envelope.v1+json", envelope(sample("provenance-github.json", index)))));

        String out = run("--attestations").out();
        String shown = "sha256-" + index.digest().hex().substring(0, 12) + "…";

        assertThat(out)
                .contains("signatures not verified here\n  cosign signature of the index, at " + shown + ".sig\n")
                .contains("  cosign attestation of the index, at " + shown + ".att\n")
                .contains("provenance (SLSA 1) of the index\n")
                .contains("source          https://github.com/acme/shop at 4b220de5058abfd01ff619c9d2ff6b09a049bea0")
                .doesNotContain("note");
    }

    @Test
    @DisplayName("a Sigstore bundle among the referrers is read; other referrers are named")
    void referrers() throws Exception {
        Descriptor image = images.image("t", Platform.of("linux", "amd64"));
        Descriptor bundle = images.manifest(
                null,
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_EMPTY, bytes("{}")),
                List.of(images.blob(
                        BUNDLE,
                        bytes("{\"mediaType\":\"" + BUNDLE + "\",\"dsseEnvelope\":"
                                + new String(envelope(sample("provenance-github.json", amd64)), StandardCharsets.UTF_8)
                                + "}"))));
        images.index(
                "sha256-" + image.digest().hex(),
                typed(bundle, BUNDLE),
                typed(
                        images.manifest(
                                null,
                                MediaTypes.OCI_MANIFEST,
                                images.blob(MediaTypes.OCI_EMPTY, bytes("{}")),
                                List.of()),
                        "application/vnd.example.report"));

        String out = run("--attestations").out();

        assertThat(out)
                .contains("Sigstore bundle of the image, " + bundle.digest().abbreviated() + " among the referrers\n")
                .contains("artifact of type application/vnd.example.report of the image, sha256:")
                .contains("provenance (SLSA 1) of the image\n");
    }

    @Test
    @DisplayName("an image without any of it says so, and plain inspect requests nothing more")
    void none() {
        Descriptor index = images.index("t", amd64, images.attestation(amd64));

        assertThat(CommandRun.with(registry).run("inspect", "r.example/app:t").code())
                .isZero();
        assertThat(registry.asked()).containsExactly("t");

        images.index("t", amd64);
        assertThat(run("--attestations").out()).contains("No attestations, no signatures.");
        assertThat(index).isNotNull();
    }

    @Test
    @DisplayName("a registry that does not answer is named; the rest is shown")
    void failing() throws Exception {
        Descriptor attestation = attestation(amd64, layer("spdx.json", amd64));
        Descriptor index = images.index("t", amd64, attestation);
        registry.fail("sha256-" + index.digest().hex() + ".sig", RegistryFailure.Kind.TIMEOUT);

        String out = run("--attestations").out();

        assertThat(out)
                .contains("SBOM (SPDX 2.3)", "not read \n  " + index.digest().abbreviated() + ": ");
    }

    private CommandRun.Result run(String option) {
        return CommandRun.with(registry).run("inspect", "r.example/app:t", option);
    }

    private JsonNode inspect() throws IOException {
        return new ObjectMapper()
                .readTree(CommandRun.with(registry)
                        .run("inspect", "r.example/app:t", "--attestations", "-o", "json")
                        .out());
    }

    private Descriptor attestation(Descriptor subject, Descriptor... layers) {
        return images.attestation(subject, List.of(layers));
    }

    private Descriptor layer(String name, Descriptor subject) throws IOException {
        return images.blob(IN_TOTO, sample(name, subject));
    }

    private static Descriptor typed(Descriptor artifact, String type) {
        return new Descriptor(
                artifact.mediaType(), artifact.digest(), artifact.size(), Optional.empty(), type, Map.of());
    }

    private static byte[] envelope(byte[] payload) {
        return bytes("{\"payloadType\":\"" + IN_TOTO + "\",\"payload\":\""
                + Base64.getEncoder().encodeToString(payload) + "\",\"signatures\":[{\"sig\":\"\"}]}");
    }

    private static byte[] sample(String name, Descriptor subject) throws IOException {
        Digest digest = subject.digest();
        return bytes(new String(StatementReader.class.getResourceAsStream(name).readAllBytes(), StandardCharsets.UTF_8)
                .replace("SUBJECT", digest.hex()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
