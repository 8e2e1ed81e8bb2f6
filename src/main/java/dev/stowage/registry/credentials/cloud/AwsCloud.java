package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.registry.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Amazon ECR: {@code GetAuthorizationToken}, signed with the pod's credentials, gives user and password. */
final class AwsCloud implements Cloud<AwsEndpoint> {

    /** More than AWS allows a clock to be off is noticed; less needs no word. */
    private static final Duration MAX_SKEW = Duration.ofMinutes(4);

    private static final Set<String> DENIED = Set.of("AccessDeniedException", "AccessDenied");

    private final CloudHttp http;
    private final AwsIdentity identity;
    private final Clock clock;

    AwsCloud(CloudHttp http, Map<String, String> environment, Clock clock) {
        this.http = http;
        this.identity = new AwsIdentity(http, environment, clock);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "AWS";
    }

    @Override
    public Optional<AwsEndpoint> keyOf(String registry) {
        return AwsEndpoint.of(registry);
    }

    @Override
    public boolean isPresent() {
        return identity.isPresent();
    }

    /** ECR Public is read anonymously without a token, only less often. */
    @Override
    public boolean isOptional(AwsEndpoint endpoint) {
        return endpoint.isPublic();
    }

    @Override
    public String permission() {
        return "Stowage's role at AWS needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository, and in another"
                + " account the repository's policy must allow it";
    }

    @Override
    public CloudToken request(AwsEndpoint endpoint) throws CloudException {
        String partition = identity.partition();
        if (!partition.equals(AwsEndpoint.partitionOf(endpoint.region()))) {
            throw new CloudException("Stowage's identity is one of the partition " + partition
                    + " of AWS, and the registry is in another");
        }
        AwsCredentials credentials = identity.credentials(endpoint.region());
        Instant now = clock.instant();
        CloudHttp.Response response;
        try {
            response = http.service(CloudHttp.Request.post(
                    endpoint.uri(),
                    SigV4.sign(
                            "POST",
                            endpoint.uri(),
                            Map.of(
                                    "Content-Type",
                                    "application/x-amz-json-1.1",
                                    "X-Amz-Target",
                                    target(endpoint) + ".GetAuthorizationToken"),
                            "{}",
                            endpoint,
                            credentials,
                            now),
                    "{}"));
        } catch (IOException e) {
            throw new CloudException(endpoint.host() + " " + CloudHttp.inWords(e));
        }
        if (response.status() != 200) {
            throw refused(endpoint, response);
        }
        return token(endpoint, response, now);
    }

    private static String target(AwsEndpoint endpoint) {
        return endpoint.isPublic() ? "SpencerFrontendService" : "AmazonEC2ContainerRegistry_V20150921";
    }

    private CloudException refused(AwsEndpoint endpoint, CloudHttp.Response response) {
        Optional<Duration> skew = skew(response);
        if (skew.isPresent()) {
            return wrongClock(skew.get());
        }
        String code = Json.code(Json.read(response.body()).path("__type").asText(), response.status());
        if (DENIED.contains(code)) {
            return new CloudException("Stowage's role at AWS may not get tokens (" + code
                    + "): grant it ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer");
        }
        if (response.status() < 500) {
            identity.forget();
        }
        return new CloudException(endpoint.host() + " refused Stowage's credentials (" + code
                + "): check that the role exists and that the region is enabled in its account");
    }

    /** The token in a response of ECR. */
    CloudToken token(AwsEndpoint endpoint, CloudHttp.Response response, Instant now) throws CloudException {
        JsonNode data = Json.read(response.body()).path("authorizationData");
        JsonNode first = data.isArray() ? data.path(0) : data;
        try {
            String pair = new String(
                    Base64.getDecoder().decode(first.path("authorizationToken").asText()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            Instant expires = first.path("expiresAt").isNumber()
                    ? Instant.ofEpochMilli((long) (first.path("expiresAt").doubleValue() * 1000))
                    : Instant.parse(first.path("expiresAt").asText());
            if (colon > 0 && !expires.isAfter(now)) {
                throw wrongClock(skew(response).orElse(Duration.between(expires, now)));
            }
            return new CloudToken(new Credential(pair.substring(0, colon), pair.substring(colon + 1)), now, expires);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw new CloudException(endpoint.host() + " returned something that is not a token");
        }
    }

    /** By how much the clock of this node is off, if that is too much. */
    private Optional<Duration> skew(CloudHttp.Response response) {
        try {
            return response.header("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(date ->
                            Duration.between(date.toInstant(), clock.instant()).abs())
                    .filter(skew -> skew.compareTo(MAX_SKEW) > 0);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static CloudException wrongClock(Duration skew) {
        return new CloudException("the clock of Stowage's node is " + skew.toMinutes()
                + " min off that of AWS, which refuses requests then: correct the node's time");
    }
}
