package dev.stowage.registry.credentials.cloud;

import dev.stowage.registry.RegistrySettings;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Every parser of what a cloud's token services respond, for one input. */
public final class CloudResponseParser {

    private final CloudHttp http = new CloudHttp(RegistrySettings.DEFAULT);
    private final AwsCloud aws = new AwsCloud(http, Map.of(), Clock.systemUTC());
    private final GoogleCloud google = new GoogleCloud(http, Clock.systemUTC());
    private final AzureCloud azure = new AzureCloud(http, Map.of(), Clock.systemUTC());
    private final AwsEndpoint ecr =
            AwsEndpoint.of("123456789012.dkr.ecr.eu-west-1.amazonaws.com").orElseThrow();

    /** One parser. */
    @FunctionalInterface
    private interface Parser {
        CloudToken parse() throws CloudException;
    }

    /** Parses the body, and the date as the header of that name. */
    public void parse(byte[] body, String date) {
        AwsWebIdentity.credentials(AwsWebIdentity.fields(body));
        HttpHeaders headers = HttpHeaders.of(Map.of("Date", List.of(date)), (name, value) -> true);
        use(() -> aws.token(ecr, new CloudHttp.Response(200, headers, body), Instant.now()));
        use(() -> google.token(body));
        use(() -> azure.token("shop.azurecr.io", body));
    }

    private static void use(Parser parser) {
        try {
            CloudToken token = parser.parse();
            Instant now = Instant.now();
            if (token.isDueAt(token.obtained())
                    && token.isValidAt(token.obtained().plus(Duration.ofSeconds(2)))) {
                throw new AssertionError("due at once: " + Duration.between(now, token.expires()));
            }
        } catch (CloudException e) {
            if (e.sentence().length() > 1000) {
                throw new AssertionError("the message is too long");
            }
        }
    }
}
