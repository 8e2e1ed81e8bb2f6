package dev.stowage.registry.credentials.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * AWS's own vectors, the "AWS Signature Version 4 test suite" (aws-sig-v4-test-suite.zip, in the repositories of AWS's SDKs too): its
 * keys, time, requests and signatures. Those whose paths or queries need encoding are left out, since no request here does.
 */
class SigV4Test {

    private static final String SESSION =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI"
                    + "/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d"
                    + "+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            get-vanilla                            | GET  | /                              | -            | -                                               | -             | host;x-amz-date                      | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-vanilla-query-order-key-case       | GET  | /?Param2=value2&Param1=value1  | -            | -                                               | -             | host;x-amz-date                      | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            post-vanilla                           | POST | /                              | -            | -                                               | -             | host;x-amz-date                      | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            post-vanilla-query                     | POST | /?Param1=value1                | -            | -                                               | -             | host;x-amz-date                      | 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11
            post-header-key-sort                   | POST | /                              | My-Header1   | value1                                          | -             | host;my-header1;x-amz-date           | c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c
            post-header-value-case                 | POST | /                              | My-Header1   | VALUE1                                          | -             | host;my-header1;x-amz-date           | cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d
            post-x-www-form-urlencoded             | POST | /                              | Content-Type | application/x-www-form-urlencoded               | Param1=value1 | content-type;host;x-amz-date         | ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a
            post-x-www-form-urlencoded-parameters  | POST | /                              | Content-Type | application/x-www-form-urlencoded; charset=utf8 | Param1=value1 | content-type;host;x-amz-date         | 1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe
            post-sts-header-before                 | POST | /                              | -            | -                                               | -             | host;x-amz-date;x-amz-security-token | 85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead
            """)
    void theSignatureIsThatOfThePublishedVector(
            String name,
            String method,
            String target,
            String header,
            String value,
            String body,
            String signedHeaders,
            String signature) {
        boolean temporary = signedHeaders.contains("security-token");
        AwsCredentials credentials = new AwsCredentials(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                temporary ? Optional.of(SESSION) : Optional.empty(),
                Instant.MAX);

        Map<String, String> signed = SigV4.sign(
                method,
                URI.create("https://example.amazonaws.com" + target),
                header == null ? Map.of() : Map.of(header, value),
                body == null ? "" : body,
                new AwsEndpoint("example.amazonaws.com", "us-east-1", "service"),
                credentials,
                Instant.parse("2015-08-30T12:36:00Z"));

        assertThat(signed)
                .containsEntry("x-amz-date", "20150830T123600Z")
                .containsEntry(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                                + signedHeaders + ", Signature=" + signature);
        assertThat(signed.get("x-amz-security-token")).isEqualTo(temporary ? SESSION : null);
    }
}
