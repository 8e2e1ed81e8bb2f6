package dev.stowage.registry.credentials.cloud;

import dev.stowage.registry.Credential;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer.Line;
import dev.stowage.testing.FakeRegistryServer.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The parts of AWS: where credentials come from, and the API of ECR, which accepts nothing but requests signed with them. */
final class FakeAws {

    static final String IRELAND = "api.ecr.eu-west-1.amazonaws.com";
    static final String IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1";
    static final String IMDS = "169.254.169.254/latest/";
    static final String AGENT = "169.254.170.23/v1/credentials";

    private final FakeCloud cloud;
    Duration life = Duration.ofHours(12);
    private int issued;

    FakeAws(FakeCloud cloud) {
        this.cloud = cloud;
    }

    static Credential password(int number) {
        return new Credential("AWS", "ecr-password-" + number);
    }

    /** Sets up the API of a region, or of ECR Public. */
    FakeAws ecr(String host, String region, String service) {
        AwsEndpoint endpoint = new AwsEndpoint(host, region, service);
        cloud.service(host + "/", (request, line) -> authorize(endpoint, request, line));
        return this;
    }

    /** The environment of a pod with a web identity, and the STS of its region. */
    FakeAws webIdentity(String tokenFile) {
        cloud.environment.putAll(Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/stowage",
                "AWS_WEB_IDENTITY_TOKEN_FILE", tokenFile));
        cloud.service("sts.eu-west-1.amazonaws.com/", (request, line) -> FakeRegistryAnswer.ok(
                        "text/xml",
                        """
                        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                          <AssumeRoleWithWebIdentityResult>
                            <Audience>sts.amazonaws.com</Audience>
                            <Credentials>
                              <AccessKeyId>ASIAFAKE</AccessKeyId>
                              <SecretAccessKey>role-secret</SecretAccessKey>
                              <SessionToken>role-session</SessionToken>
                              <Expiration>%s</Expiration>
                            </Credentials>
                          </AssumeRoleWithWebIdentityResult>
                        </AssumeRoleWithWebIdentityResponse>
                        """.formatted(cloud.clock.instant().plusSeconds(3600)).getBytes(StandardCharsets.UTF_8))
                .answer(request, line));
        return this;
    }

    /** The instance metadata service of a node with a role. */
    FakeAws metadata() {
        cloud.service(IMDS + "api/token", (request, line) -> FakeRegistryAnswer.ok("text/plain", bytes("imds-session"))
                .answer(request, line));
        cloud.service(IMDS + "meta-data/placement/region", FakeRegistryAnswer.ok("text/plain", bytes("eu-west-1")));
        cloud.service(
                IMDS + "meta-data/iam/security-credentials/", FakeRegistryAnswer.ok("text/plain", bytes("node-role")));
        cloud.service(IMDS + "meta-data/iam/security-credentials/node-role", (request, line) -> FakeCloud.ok(role())
                .answer(request, line));
        return this;
    }

    /** A role's credentials as the metadata service and the agents return them. */
    String role() {
        return """
                {"Code":"Success","AccessKeyId":"ASIAFAKE","SecretAccessKey":"role-secret","Token":"role-session",
                 "Expiration":"%s"}
                """.formatted(cloud.clock.instant().plusSeconds(3600));
    }

    private void authorize(AwsEndpoint endpoint, Request request, Line line) throws IOException {
        AwsCredentials role =
                new AwsCredentials("ASIAFAKE", "role-secret", Optional.of("role-session"), java.time.Instant.MAX);
        String target = request.header("X-Amz-Target");
        String expected = SigV4.sign(
                        request.method(),
                        URI.create("https://" + endpoint.host() + "/"),
                        Map.of("content-type", "application/x-amz-json-1.1", "x-amz-target", target),
                        request.body(),
                        endpoint,
                        role,
                        cloud.clock.instant())
                .get("authorization");
        if (!expected.equals(request.header("Authorization"))
                || !"role-session".equals(request.header("X-Amz-Security-Token"))
                || !target.endsWith(".GetAuthorizationToken")) {
            FakeCloud.refusal(400, "{\"__type\":\"InvalidSignatureException\",\"message\":\"no\"}")
                    .answer(request, line);
            return;
        }
        String pair = Base64.getEncoder()
                .encodeToString(bytes("AWS:" + password(++issued).secret()));
        String data = "{\"authorizationToken\":\"" + pair + "\",\"expiresAt\":"
                + cloud.clock.instant().plus(life).toEpochMilli() / 1000.0 + "}";
        boolean list = "ecr".equals(endpoint.service());
        FakeCloud.ok("{\"authorizationData\":" + (list ? "[" + data + "]" : data) + "}")
                .answer(request, line);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
