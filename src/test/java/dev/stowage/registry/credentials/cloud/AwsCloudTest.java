package dev.stowage.registry.credentials.cloud;

import static dev.stowage.registry.credentials.cloud.FakeAws.AGENT;
import static dev.stowage.registry.credentials.cloud.FakeAws.IMAGE;
import static dev.stowage.registry.credentials.cloud.FakeAws.IMDS;
import static dev.stowage.registry.credentials.cloud.FakeAws.IRELAND;
import static dev.stowage.registry.credentials.cloud.FakeCloud.ask;
import static dev.stowage.registry.credentials.cloud.FakeCloud.repository;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsCloudTest {

    @TempDir
    private Path folder;

    private final FakeCloud cloud = new FakeCloud();
    private final FakeAws aws = new FakeAws(cloud).ecr(IRELAND, "eu-west-1", "ecr");
    private final LogCapture log = new LogCapture(CloudCredentials.class);
    private CloudCredentials credentials;
    private String tokenFile;

    @BeforeEach
    void writeToken() throws Exception {
        tokenFile = Files.writeString(folder.resolve("token"), "pod-token\n").toString();
    }

    @AfterEach
    void end() {
        if (credentials != null) {
            credentials.close();
        }
        log.close();
        cloud.close();
    }

    private void start() {
        credentials = cloud.credentials(true, false, false);
    }

    private String problem() {
        assertThat(ask(credentials, IMAGE)).isEmpty();
        String problem = credentials.problem(repository(IMAGE)).orElseThrow();
        assertThat(log.with(problem)).as("logged once").hasSize(1);
        assertThat(problem + log.lines()).doesNotContain("pod-token", "role-secret", "role-session", "imds-session");
        return problem;
    }

    @Test
    @DisplayName(
            "IRSA: the pod's token is exchanged at the regional STS, and the role's credentials sign the request to ECR")
    void webIdentity() {
        aws.webIdentity(tokenFile);
        start();

        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(1));
        assertThat(cloud.at("sts.eu-west-1.amazonaws.com/")).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.header("Authorization")).isEmpty();
            assertThat(request.body())
                    .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=pod-token", "role%2Fstowage");
        });
        assertThat(credentials.problem(repository(IMAGE))).isEmpty();
        assertThat(credentials.permission(repository(IMAGE)).orElseThrow()).contains("ecr:BatchGetImage");
        assertThat(cloud.requests()).as("no metadata service").hasSize(2);
    }

    @Test
    @DisplayName("one token serves all accounts of a region; another region, FIPS and dual stack have their own API")
    void accountsAndRegions() {
        aws.webIdentity(tokenFile)
                .ecr("api.ecr.us-east-2.amazonaws.com", "us-east-2", "ecr")
                .ecr("ecr-fips.us-east-1.amazonaws.com", "us-east-1", "ecr")
                .ecr("ecr.ap-southeast-3.api.aws", "ap-southeast-3", "ecr")
                .ecr("ecr-fips.us-west-2.api.aws", "us-west-2", "ecr")
                .ecr("api.ecr-public.us-east-1.amazonaws.com", "us-east-1", "ecr-public");
        start();

        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(1));
        assertThat(ask(credentials, "999999999999.dkr.ecr.eu-west-1.amazonaws.com/x"))
                .containsExactly(FakeAws.password(1));
        assertThat(ask(credentials, "999999999999.dkr.ecr.us-east-2.amazonaws.com/x"))
                .containsExactly(FakeAws.password(2));
        assertThat(ask(credentials, "999999999999.dkr.ecr-fips.us-east-1.amazonaws.com/x"))
                .containsExactly(FakeAws.password(3));
        assertThat(ask(credentials, "999999999999.dkr-ecr.ap-southeast-3.on.aws/x"))
                .containsExactly(FakeAws.password(4));
        assertThat(ask(credentials, "999999999999.dkr-ecr-fips.us-west-2.on.aws/x"))
                .containsExactly(FakeAws.password(5));
        assertThat(ask(credentials, "public.ecr.aws/docker/library/busybox")).containsExactly(FakeAws.password(6));
        assertThat(cloud.at("sts.eu-west-1.amazonaws.com/"))
                .as("one role for all")
                .hasSize(1);
    }

    @Test
    @DisplayName("ECR Public without permission is read anonymously, without a word")
    void publicRegistry() {
        aws.webIdentity(tokenFile);
        cloud.service(
                "api.ecr-public.us-east-1.amazonaws.com/",
                FakeCloud.refusal(400, "{\"__type\":\"AccessDeniedException\"}"));
        start();

        assertThat(ask(credentials, "public.ecr.aws/x/y")).isEmpty();
        assertThat(credentials.problem(repository("public.ecr.aws/x/y"))).isEmpty();
        assertThat(log.with("AWS identity")).isEmpty();
    }

    @Test
    @DisplayName("Pod Identity: the agent gets the token of the file as it is now")
    void podIdentity() throws Exception {
        cloud.environment.putAll(Map.of(
                "AWS_REGION",
                "eu-west-1",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://" + AGENT,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                tokenFile));
        cloud.json(AGENT, aws.role());
        start();

        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(1));
        Files.writeString(Path.of(tokenFile), "rotated");
        cloud.clock.travel(Duration.ofHours(13));
        cloud.json(AGENT, aws.role());
        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(2));

        assertThat(cloud.at(AGENT))
                .extracting(request -> request.header("Authorization"))
                .containsExactly("pod-token", "rotated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://evil.example/v1",
                "http://169.254.170.23.evil.example/v1",
                "http://169.254.170.23@evil.example/v1",
                "ftp://127.0.0.1/x",
                "not a uri"
            })
    void credentialsComeFromAllowedAddressesOnly(String uri) {
        cloud.environment.putAll(Map.of("AWS_REGION", "eu-west-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI", uri));
        start();

        assertThat(problem()).contains("AWS_CONTAINER_CREDENTIALS_FULL_URI is not an address");
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    @DisplayName("keys in the environment sign at once")
    void environment() {
        cloud.environment.putAll(Map.of(
                "AWS_ACCESS_KEY_ID", "ASIAFAKE",
                "AWS_SECRET_ACCESS_KEY", "role-secret",
                "AWS_SESSION_TOKEN", "role-session"));
        start();

        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(1));
        assertThat(cloud.requests()).hasSize(1);
    }

    @Test
    @DisplayName("the role of the node: session, role, credentials")
    void metadata() {
        aws.metadata();
        start();

        assertThat(ask(credentials, IMAGE)).containsExactly(FakeAws.password(1));
        assertThat(cloud.at(IMDS + "meta-data/iam/security-credentials/node-role"))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.header("X-aws-ec2-metadata-token")).isEqualTo("imds-session"));
    }

    @Test
    void theMetadataServiceIsLeftAloneWhereItIsDisabled() {
        aws.metadata();
        cloud.environment.put("AWS_EC2_METADATA_DISABLED", "true");
        start();

        assertThat(ask(credentials, IMAGE)).isEmpty();
        assertThat(credentials.problem(repository(IMAGE))).isEmpty();
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    @DisplayName("a hop limit of 1: the connection is accepted, and no answer arrives")
    void hopLimit() {
        cloud.service(IMDS + "api/token", FakeRegistryAnswer.silence());
        start();

        assertThat(problem()).contains("HttpPutResponseHopLimit to 2", "EKS Pod Identity or IRSA");
    }

    @Test
    void aNodeWithoutARoleIsNamed() {
        aws.metadata();
        cloud.service(IMDS + "meta-data/iam/security-credentials/", FakeCloud.refusal(404, "<html>"));
        start();

        assertThat(problem()).contains("the node has no IAM role");
    }

    @Test
    void aTrustPolicyThatDoesNotFitIsNamed() {
        aws.webIdentity(tokenFile);
        cloud.service("sts.eu-west-1.amazonaws.com/", FakeCloud.refusal(403, """
                <ErrorResponse><Error><Code>AccessDenied</Code><Message>pod-token role-secret</Message></Error></ErrorResponse>"""));
        start();

        assertThat(problem()).contains("(AccessDenied)", "sts:AssumeRoleWithWebIdentity", "ServiceAccount");
    }

    @Test
    void aMissingPermissionIsNamed() {
        aws.webIdentity(tokenFile);
        cloud.service(
                IRELAND + "/",
                FakeCloud.refusal(
                        400, "{\"__type\":\"com.amazon.coral#AccessDeniedException\",\"Message\":\"role-secret\"}"));
        start();

        assertThat(problem()).contains("(AccessDeniedException)", "ecr:GetAuthorizationToken", "ecr:BatchGetImage");
    }

    @Test
    void aWrongClockIsNamed() {
        aws.webIdentity(tokenFile);
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                cloud.clock.instant().plus(Duration.ofMinutes(90)).atOffset(ZoneOffset.UTC));
        cloud.service(
                IRELAND + "/",
                FakeCloud.refusal(400, "{\"__type\":\"InvalidSignatureException\"}")
                        .header("Date", date));
        start();

        assertThat(problem()).contains("90 min off", "correct the node's time");
    }

    @Test
    @DisplayName("credentials of one partition are not shown to another")
    void partitions() {
        aws.webIdentity(tokenFile).ecr("api.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "ecr");
        start();
        String image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x";

        assertThat(ask(credentials, image)).isEmpty();
        assertThat(credentials.problem(repository(image)).orElseThrow()).contains("partition aws");
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void chinaHasItsOwnDomain() {
        aws.webIdentity(tokenFile);
        cloud.environment.put("AWS_REGION", "cn-north-1");
        start();

        ask(credentials, "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x");
        assertThat(credentials
                        .problem(repository("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x"))
                        .orElseThrow())
                .startsWith("sts.cn-north-1.amazonaws.com.cn could not be reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"authorizationData\":[]}",
                "{\"authorizationData\":[{\"authorizationToken\":\"!\"}]}"
            })
    void rubbishIsNoToken(String body) {
        aws.webIdentity(tokenFile);
        cloud.json(IRELAND + "/", body);
        start();

        assertThat(problem()).isEqualTo(IRELAND + " returned something that is not a token");
    }

    @Test
    void anEndlessResponseIsCutOffAndARedirectIsNotFollowed() {
        aws.webIdentity(tokenFile);
        cloud.service(IRELAND + "/", FakeRegistryAnswer.endless("application/json"));
        cloud.service("sts.eu-west-1.amazonaws.com/x", FakeCloud.ok(""));
        start();
        assertThat(problem()).startsWith(IRELAND);

        cloud.service(
                "sts.eu-west-1.amazonaws.com/",
                FakeRegistryAnswer.redirect(307, "https://sts.eu-west-1.amazonaws.com/x"));
        cloud.clock.travel(Duration.ofHours(2));
        assertThat(problem()).contains("(HTTP 307)");
        assertThat(cloud.at("sts.eu-west-1.amazonaws.com/x")).isEmpty();
    }

    @Test
    void nothingPrintsASecret() {
        AwsCredentials keys = AwsCredentials.parse(aws.role().getBytes()).orElseThrow();

        assertThat(keys.toString()).doesNotContain("role-");
        assertThat(CloudHttp.Request.post(
                                AwsEndpoint.ECR_PUBLIC.uri(), Map.of("Authorization", "role-secret"), "role-session")
                        .toString())
                .doesNotContain("role-");
        assertThat(new CloudToken(FakeAws.password(1), cloud.clock.instant(), cloud.clock.instant()).toString())
                .doesNotContain("ecr-password");
    }
}
