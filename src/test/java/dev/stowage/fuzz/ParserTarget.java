package dev.stowage.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.attestation.InvalidStatementException;
import dev.stowage.attestation.StatementReader;
import dev.stowage.cli.manifest.ManifestReader;
import dev.stowage.cli.manifest.UnreadableManifestException;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.MediaTypes;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.auth.Challenge;
import dev.stowage.registry.auth.Token;
import dev.stowage.registry.credentials.DockerConfig;
import dev.stowage.registry.credentials.InvalidDockerConfigException;
import dev.stowage.registry.credentials.PullSecret;
import dev.stowage.registry.credentials.cloud.CloudResponseParser;
import dev.stowage.registry.credentials.plugin.PluginOutputParser;
import dev.stowage.registry.resilience.RetryAfter;
import dev.stowage.registry.transport.ErrorCodes;
import dev.stowage.registry.transport.Gzip;
import dev.stowage.registry.transport.ResponseBody;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.WorkloadReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** The parsers of what others send: each with samples of real inputs, and with what must hold of any input. */
enum ParserTarget {
    REFERENCE(
            "registry.example:5000/team/shop:1.2@sha256:" + "a".repeat(64),
            "nginx",
            "docker.io/library/busybox:latest",
            "[fd00::1]:5000/a/b",
            "localhost/x@sha512:" + "0".repeat(128)) {
        @Override
        void parse(byte[] input) {
            try {
                ImageReference reference = ImageReference.parse(text(input));
                require(
                        ImageReference.parse(reference.toString()).equals(reference),
                        "a reference is read again as another: " + reference);
            } catch (InvalidReferenceException e) {
                require(e.getMessage().length() < 10_000, "the message is too long");
            }
        }
    },

    INDEX(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":"
                    + "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:" + "b".repeat(64)
                    + "\",\"size\":1234,\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\",\"os.version\":\"1\","
                    + "\"os.features\":[\"sse4\"]},\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}]}") {
        @Override
        void parse(byte[] input) {
            document(input, MediaTypes.OCI_INDEX);
        }
    },

    MANIFEST(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":"
                    + "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:" + "c".repeat(64)
                    + "\",\"size\":7023},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:"
                    + "d".repeat(64) + "\",\"size\":32654}]}") {
        @Override
        void parse(byte[] input) {
            document(input, MediaTypes.OCI_MANIFEST);
        }
    },

    CONFIG(
            "{\"architecture\":\"amd64\",\"os\":\"windows\",\"os.version\":\"10.0.20348.1\",\"variant\":\"v3\",\"rootfs\":{\"type\":\"layers\"}}") {
        @Override
        void parse(byte[] input) {
            try {
                READER.config(input);
            } catch (InvalidDocumentException e) {
                require(e.getMessage().length() < 10_000, "the message is too long");
            }
        }
    },

    REVIEW(
            json(Reviews.create(Reviews.pod("app=registry.example/shop:1", "b=x"))),
            json(Reviews.update(
                    Reviews.deployment("app=registry.example/shop:1"),
                    Reviews.deployment("app=registry.example/shop:2"))),
            json(
                    Reviews.create(
                            "{apiVersion: v1, kind: Pod, metadata: {name: a, generateName: b, ownerReferences: [{apiVersion: apps/v1, "
                                    + "kind: ReplicaSet, controller: true}], annotations: {kubernetes.io/config.mirror: x}, managedFields: [{fieldsV1: {}}]}, "
                                    + "spec: {nodeName: n, nodeSelector: {kubernetes.io/arch: arm64}, tolerations: [{key: a, operator: Gt, value: \"7\"}], "
                                    + "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: "
                                    + "[{key: a, operator: In, values: [b, c]}], matchFields: [{key: metadata.name, operator: NotIn, values: [x]}]}]}}}, "
                                    + "os: {name: linux}, imagePullSecrets: [{name: s}], runtimeClassName: r, volumes: [{name: v, image: {reference: y}}], "
                                    + "initContainers: [{name: i, image: z, restartPolicy: Always}], ephemeralContainers: [{name: e, image: w}]}}")),
            json(
                    Reviews.create(
                            "{apiVersion: example.io/v1, kind: Thing, spec: {jobs: [{a: 1}, {template: {metadata: {labels: "
                                    + "{sidecar.istio.io/inject: 'true'}}, spec: {containers: [{name: a, image: auto, command: [/u/x, y], volumeMounts: "
                                    + "[{name: u, mountPath: /u, subPath: x}]}], volumes: [{name: u, configMap: {}}], tolerations: [{key: k}]}}}]}}")),
            json(Reviews.create(
                    "{apiVersion: example.io/v1, kind: Set, spec: {jobs: [{spec: {containers: [{name: a, image: b}]}}],"
                            + " groups: {a: {spec: {containers: [{name: a, image: b}]}}}}}"))) {
        @Override
        void parse(byte[] input) throws IOException {
            List<AdmissionEvent> events = new ArrayList<>();
            AdmissionHandler handler = new AdmissionHandler(
                    new WorkloadReader(List.of(
                            new CustomKind("example.io", "*", "Thing", ""),
                            new CustomKind("example.io", "*", "Set", "spec.jobs[*].spec"),
                            new CustomKind("example.io", "*", "Set", "spec.groups[*].spec"))),
                    new WorkloadAssessor(new EngineAssessor(
                            "docker.io", new ImageResolver(new MemoryRegistry(), new DocumentReader()), new Judge())),
                    new FakeCluster().node("amd", "linux/amd64").view(),
                    () -> PolicyConfig.DEFAULT,
                    BackgroundVerification.NONE,
                    events::add);
            AdmissionResponse response = handler.handle(input).join();
            require(
                    events.size() == 1 && events.get(0).decision() != AdmissionEvent.Decision.FAILED,
                    "an internal error");
            if (response.status() == 200) {
                JsonNode answer = MAPPER.readTree(response.body()).path("response");
                require(!answer.path("uid").asText().isEmpty() && answer.has("allowed"), "not a response");
            } else {
                require(response.status() == 400, "status " + response.status());
            }
        }
    },

    CHALLENGE(
            "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:library/nginx:pull\"",
            "Basic realm=\"x\", Negotiate, Digest a=b, Bearer realm=https://a/b;c,error=\"invalid_token\"") {
        @Override
        void parse(byte[] input) {
            Challenge.choose(Challenge.parse(List.of(new String(input, ISO_8859_1))));
        }
    },

    TOKEN(
            "{\"token\":\"eyJhbGciOi.J9\",\"access_token\":\"b\",\"expires_in\":300,\"issued_at\":\"2026-01-01T00:00:00Z\"}") {
        @Override
        void parse(byte[] input) {
            Token.parse(input);
        }
    },

    REGISTRY_ERROR(
            "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\",\"detail\":{\"Tag\":\"x\"}}]}") {
        @Override
        void parse(byte[] input) {
            ErrorCodes.of(new ResponseBody(input, Digest.of(input), true)).shown();
        }
    },

    GZIP("{\"schemaVersion\":2,\"manifests\":[]}", "\u001f") {
        @Override
        void parse(byte[] input) throws IOException {
            byte[] whole = compressed(input);
            Gzip.Decoded decoded = Gzip.decode(whole, 4096);
            require(
                    Arrays.equals(decoded.bytes(), Arrays.copyOf(input, Math.min(input.length, 4096)))
                            && decoded.whole() == (input.length <= 4096),
                    "decoded to something else");
            for (int i = 0; i < Math.min(input.length, 20); i++) {
                whole[(input[i] & 0xff) * 7 % whole.length] ^= (byte) (i + 1);
                damaged(whole);
            }
            damaged(input);
        }

        private void damaged(byte[] body) {
            try {
                Gzip.decode(body, 4096);
            } catch (EOFException | ZipException e) {
                require(String.valueOf(e.getMessage()).length() < 100, "the message is too long");
            }
        }
    },

    STATEMENT(
            "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicateType\":\"https://slsa.dev/provenance/v0.2\",\"subject\":[{\"name\":"
                    + "\"a\",\"digest\":{\"sha256\":\"" + "a".repeat(64)
                    + "\"}}],\"predicate\":{\"builder\":{\"id\":\"\"},\"buildType\":"
                    + "\"https://mobyproject.org/buildkit@v1\",\"materials\":[{\"uri\":\"pkg:docker/alpine@3.19?platform=linux%2Famd64\","
                    + "\"digest\":{\"sha256\":\"0\"}}],\"invocation\":{\"parameters\":{\"args\":{\"build-arg:A\":\"1\"}}}}}",
            "{\"predicateType\":\"https://cyclonedx.org/bom\",\"predicate\":{\"components\":[{\"purl\":\"pkg:npm/%40a/b@1\","
                    + "\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"components\":[{\"type\":\"file\"}]}]}}",
            "{\"predicateType\":\"https://spdx.dev/Document\",\"predicate\":{\"packages\":[{\"externalRefs\":[{\"referenceType\":"
                    + "\"purl\",\"referenceLocator\":\"pkg:deb/a/b@1?distro=debian-12\"}]}]}}",
            "{\"dsseEnvelope\":{\"payload\":\"eyJwcmVkaWNhdGUiOnt9fQ==\"}}") {
        @Override
        void parse(byte[] input) throws IOException {
            Path file = Files.createTempFile("stowage-fuzz", ".json");
            try {
                new StatementReader().read(Files.write(file, input));
            } catch (InvalidStatementException e) {
                require(e.getMessage().length() < 200, "the message is too long");
            } finally {
                Files.delete(file);
            }
        }
    },

    RETRY_AFTER("120", "Wed, 21 Oct 2026 07:28:00 GMT", "1.5") {
        @Override
        void parse(byte[] input) {
            RetryAfter.parse(new String(input, ISO_8859_1), Clock.systemUTC());
        }
    },

    PULL_SECRET(
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dXNlcjpwYXNz\"},\"*.example.com:5000/team\":{\"username\":\"u\","
                    + "\"password\":\"p\",\"email\":\"e\",\"identitytoken\":\"t\",\"registrytoken\":\"r\"}}}") {
        @Override
        void parse(byte[] input) {
            PullSecret.of("s", "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", input));
            PullSecret.of("s", "kubernetes.io/dockercfg", Map.of(".dockercfg", input));
        }
    },

    CLOUD_RESPONSE(
            "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult>"
                    + "<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
                    + "<Expiration>2026-11-29T12:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                    + "</AssumeRoleWithWebIdentityResponse>",
            "{\"authorizationData\":[{\"authorizationToken\":\"QVdTOnBhc3N3b3Jk\",\"expiresAt\":4.1E9,\"proxyEndpoint\":\"https://x\"}]}",
            "{\"access_token\":\"ya29.c\",\"expires_in\":3599,\"token_type\":\"Bearer\"}",
            "{\"refresh_token\":\"eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3NjQ0MTQwMDAsImlhdCI6MTc2NDQwMzIwMH0.c2ln\"}") {
        @Override
        void parse(byte[] input) {
            String text = text(input);
            CLOUD.parse(input, text.substring(0, Math.min(text.length(), 40)));
        }
    },

    PLUGIN_OUTPUT(
            "{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\",\"cacheKeyType\":"
                    + "\"Registry\",\"cacheDuration\":\"1h30m0.5s\",\"auth\":{\"*.registry.example:443/team\":{\"username\":\"u\","
                    + "\"password\":\"p\"}}}") {
        @Override
        void parse(byte[] input) {
            PluginOutputParser.parse(text(input));
        }
    },

    DOCKER_CONFIG(
            "{\"auths\":{\"registry.example\":{\"auth\":\"dXNlcjpwYXNz\"}},\"credsStore\":\"none\",\"credHelpers\":{\"gcr.io\":\"gcloud\"},"
                    + "\"HttpHeaders\":{\"a\":\"b\"}}") {
        @Override
        void parse(byte[] input) throws IOException {
            Path folder = Files.createTempDirectory("stowage-fuzz");
            try {
                Path file = Files.write(folder.resolve("config.json"), input);
                DockerConfig.load(Map.of("DOCKER_CONFIG", folder.toString()), folder);
                Files.delete(file);
            } catch (InvalidDockerConfigException e) {
                Files.delete(folder.resolve("config.json"));
            } finally {
                Files.delete(folder);
            }
        }
    },

    YAML(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n"
                    + "      - &c {name: a, image: \"x:1\"}\n      - <<: [*c, {name: b}]\n        image: |\n          y\n---\n# next\nkind: List\nitems: []\n",
            "apiVersion: example.io/v1\nkind: Thing\nspec:\n  image: r.example/a:1\n  proxyImage: {repository: a, tag: b}\n"
                    + "  jobs: [{template: {spec: {containers: [{image: 'a:1'}, {name: b, image: '{{x}}'}]}}}]\n",
            "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"spec\":{\"containers\":[]}}]}") {
        @Override
        void parse(byte[] input) throws IOException {
            try {
                new ManifestReader(new WorkloadReader(), true).read("-", new ByteArrayInputStream(input), false);
            } catch (UnreadableManifestException e) {
                require(e.getMessage().lines().count() == 1, "the message has several lines: " + e.getMessage());
            }
        }
    };

    private static final CloudResponseParser CLOUD = new CloudResponseParser();
    private static final DocumentReader READER = new DocumentReader();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<String> samples;

    ParserTarget(String... samples) {
        this.samples = List.of(samples);
    }

    /** Real inputs. */
    List<String> samples() {
        return samples;
    }

    /** Parses the input; an exception is a fault, except those that the parser documents. */
    abstract void parse(byte[] input) throws IOException;

    private static void document(byte[] input, String type) {
        try {
            READER.document(input, type);
        } catch (InvalidDocumentException e) {
            require(e.getMessage().length() < 10_000, "the message is too long");
        }
    }

    private static byte[] compressed(byte[] input) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(input);
        }
        return bytes.toByteArray();
    }

    private static String text(byte[] input) {
        return new String(input, UTF_8);
    }

    private static String json(Reviews review) {
        return review.json().toString();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
