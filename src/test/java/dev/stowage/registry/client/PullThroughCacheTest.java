package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistryAnswer;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amazon ECR before the first pull through a cache: "does not exist" to those who may not import. */
class PullThroughCacheTest extends RegistryTesting {

    private static final String ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    private static final ReadCredentials OF_STOWAGE = as("AWS", "s3cret");

    private RegistryFailure failure(String host, String path, String target, ReadCredentials credentials) {
        return failure(get(client().manifest(
                        new Repository(host + ":" + fake.server().port(), path),
                        target,
                        credentials,
                        Deadline.in(LONG))));
    }

    @Override
    HttpRegistry client() {
        return client(RegistrySettings.DEFAULT.withRules(RegistryRule.of("*").withInsecure(true)), name ->
                new InetAddress[] {InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})});
    }

    private void answer(int status, String code) {
        fake.on("/v2/.*", FakeRegistryAnswer.status(status).error(code, "it does not exist in the registry"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                ECR,
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
                "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
                "123456789012.dkr-ecr.eu-west-1.on.aws",
                "123456789012.dkr-ecr-fips.us-east-1.on.aws"
            })
    void aRepositoryThatTheFirstPullCreates(String host) {
        answer(404, "NAME_UNKNOWN");

        RegistryFailure failure = failure(host, "docker-hub/library/nginx", "1.27", OF_STOWAGE);

        assertKind(failure, Kind.FORBIDDEN);
        assertThat(failure.reason())
                .contains("has no such repository (NAME_UNKNOWN)")
                .contains("ecr:BatchImportUpstreamImage and ecr:CreateRepository");
    }

    @ParameterizedTest(name = "{0} {1} of {2}: {3}")
    @CsvSource({
        "404, NAME_UNKNOWN, nginx, FORBIDDEN",
        "400, NAME_UNKNOWN, quay/app, FORBIDDEN",
        "403, NAME_UNKNOWN, quay/app, FORBIDDEN",
        "404, MANIFEST_UNKNOWN, quay/team/app, FORBIDDEN",
        "404, MANIFEST_UNKNOWN, app, NOT_FOUND",
        "404, BLOB_UNKNOWN, quay/app, NOT_FOUND"
    })
    void whatMayBeACache(int status, String code, String path, Kind kind) {
        answer(status, code);

        assertKind(failure(ECR, path, "v1", OF_STOWAGE), kind);
    }

    @Test
    @DisplayName("an index is there and the manifest of a platform is not: the first pull of that platform brings it")
    void manifestOfAPlatform() {
        answer(404, "MANIFEST_UNKNOWN");
        Descriptor entry = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(new byte[1]), 1);

        RegistryFailure failure = failure(get(client().manifest(
                        new Repository(ECR + ":" + fake.server().port(), "quay/app"),
                        entry,
                        OF_STOWAGE,
                        Deadline.in(LONG))));

        assertKind(failure, Kind.FORBIDDEN);
    }

    @Test
    @DisplayName("the pod's own credentials were used: the node gets the same answer")
    void ofThePod() {
        answer(404, "NAME_UNKNOWN");

        assertKind(failure(ECR, "quay/app", "v1", OF_STOWAGE.fromPod()), Kind.NOT_FOUND);
    }

    @ParameterizedTest(name = "{0} is not ECR")
    @ValueSource(
            strings = {
                "public.ecr.aws",
                "12345.dkr.ecr.eu-west-1.amazonaws.com",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.test",
                "evil-123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                "ecr.eu-west-1.amazonaws.com"
            })
    void others(String host) {
        answer(404, "NAME_UNKNOWN");

        assertKind(failure(host, "quay/app", "v1", OF_STOWAGE), Kind.NOT_FOUND);
    }
}
