package dev.stowage.registry.credentials.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.testing.FakeRegistryAnswer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts are a cloud's registries: whole names, as they are written, and nothing that only looks like one. */
class CloudHostsTest {

    private final FakeCloud fake = new FakeCloud();
    private final CloudHttp http = fake.http();

    private final List<Cloud<?>> clouds = List.of(
            new AwsCloud(http, fake.environment, fake.clock),
            new GoogleCloud(http, fake.clock),
            new AzureCloud(http, fake.environment, fake.clock));

    @AfterEach
    void end() {
        http.close();
        fake.close();
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com, AWS",
        "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com, AWS",
        "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com, AWS",
        "123456789012.dkr.ecr.cn-northwest-1.amazonaws.com.cn, AWS",
        "123456789012.dkr-ecr.eu-central-1.on.aws, AWS",
        "123456789012.dkr-ecr-fips.us-west-2.on.aws, AWS",
        "public.ecr.aws, AWS",
        "gcr.io, Google Cloud",
        "eu.gcr.io, Google Cloud",
        "europe-west1-docker.pkg.dev, Google Cloud",
        "us-docker.pkg.dev, Google Cloud",
        "contoso.azurecr.io, Azure",
        "contoso-a1b2c3.azurecr.io, Azure",
        "contoso.azurecr.cn, Azure",
        "contoso.azurecr.us, Azure"
    })
    void registriesOfClouds(String host, String cloud) {
        assertThat(clouds)
                .filteredOn(each -> each.keyOf(host).isPresent())
                .extracting(Cloud::name)
                .containsExactly(cloud);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456789012.dkr.ecr.evil.example",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com:443",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.co",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn",
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com",
                "123456789012.DKR.ECR.eu-west-1.amazonaws.com",
                "123456789012.dkr.ecr.eu-west-1.evil.amazonaws.com",
                "123456789012.dkr.ecr.eu-west-1#.amazonaws.com",
                "123456789012.dkr.ecr.e.amazonaws.com",
                "123456789012.dkr.ecr..amazonaws.com",
                "123456789012.dkr-ecr.eu-west-1.on.aws.evil.example",
                "12345678901.dkr.ecr.eu-west-1.amazonaws.com",
                "1234567890123.dkr.ecr.eu-west-1.amazonaws.com",
                "u@123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                "123456789012xdkrxecr.eu-west-1.amazonaws.com",
                "\u0661\u0662\u0663456789012.dkr.ecr.eu-west-1.amazonaws.com",
                "PUBLIC.ecr.aws",
                "public.ecr.aws.",
                "public.ecr.aws:8443",
                "public.ecr.aws.evil.example",
                "GCR.io",
                "gcr.io.",
                "gcr.io:443",
                "evilgcr.io",
                "a.b.gcr.io",
                "gcr.io.evil.example",
                "eu.gcr.io@evil.example",
                "docker.pkg.dev",
                "-docker.pkg.dev",
                "a.b-docker.pkg.dev",
                "us-docker.pkg.dev.evil.example",
                "us-docker.pkgxdev",
                "azurecr.io",
                "contoso.azurecr.io.",
                "contoso.azurecr.io:443",
                "Contoso.azurecr.io",
                "a.contoso.azurecr.io",
                "contoso.azurecr.io.evil.example",
                "contoso.azurecr.de",
                "contosoazurecr.io",
                "evil.example/contoso.azurecr.io",
                "169.254.169.254"
            })
    void hostsThatOnlyLookLikeOne(String host) {
        assertThat(clouds).filteredOn(each -> each.keyOf(host).isPresent()).isEmpty();
    }

    @Test
    void aLookAlikeIsSentNothing() {
        FakeAws aws = new FakeAws(fake).metadata();
        aws.ecr(FakeAws.IRELAND, "eu-west-1", "ecr");
        fake.service("contoso.azurecr.io.evil.example/oauth2/exchange", FakeRegistryAnswer.status(200));
        fake.service("api.ecr.evil.example/", FakeRegistryAnswer.status(200));
        CloudCredentials credentials = fake.credentials(true, true, true);
        int before = fake.requests().size();

        for (String host : List.of(
                "123456789012.dkr.ecr.evil.example",
                "contoso.azurecr.io.evil.example",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.",
                "us-docker.pkg.dev:8080")) {
            Repository repository = new Repository(host, "app");
            assertThat(credentials
                            .credentialsFor(repository, Deadline.in(FakeCloud.LONG))
                            .join())
                    .isEmpty();
            assertThat(credentials.problem(repository)).isEmpty();
        }

        assertThat(fake.requests()).hasSize(before);
        credentials.close();
    }
}
