package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.cloud.CloudHttp.Request;
import dev.stowage.registry.credentials.cloud.CloudHttp.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Azure Container Registry: each registry exchanges the identity's token for a refresh token of its own. */
final class AzureCloud implements Cloud<String> {

    private static final Pattern REGISTRIES =
            Pattern.compile("[a-z0-9][a-z0-9-]{2,61}[a-z0-9]\\.azurecr\\.(?:io|cn|us)");

    /** Where a refresh token does not say when it ends; they last for three. */
    private static final Duration USUAL_LIFE = Duration.ofHours(1);

    private static final Duration LONGEST_LIFE = Duration.ofHours(12);

    private final CloudHttp http;
    private final AzureIdentity identity;
    private final Clock clock;
    private volatile String domain = "";

    AzureCloud(CloudHttp http, Map<String, String> environment, Clock clock) {
        this.http = http;
        this.clock = clock;
        this.identity =
                environment.getOrDefault(AzureWorkloadIdentity.TOKEN_FILE, "").isEmpty()
                        ? new AzureManagedIdentity(http, environment.getOrDefault(AzureWorkloadIdentity.CLIENT_ID, ""))
                        : new AzureWorkloadIdentity(http, environment);
    }

    @Override
    public String name() {
        return "Azure";
    }

    @Override
    public Optional<String> keyOf(String registry) {
        return REGISTRIES.matcher(registry).matches() ? Optional.of(registry) : Optional.empty();
    }

    @Override
    public boolean isPresent() {
        domain = identity.domain().orElse("");
        return !domain.isEmpty();
    }

    @Override
    public String permission() {
        return "Stowage's identity at Azure needs the role AcrPull on the registry (Container Registry Repository Reader where"
                + " repositories have permissions of their own)";
    }

    @Override
    public CloudToken request(String registry) throws CloudException {
        if (!registry.endsWith(domain)) {
            throw new CloudException("Stowage's identity is one of another cloud of Azure than " + registry);
        }
        String form = "grant_type=access_token&service=" + registry + "&access_token="
                + URLEncoder.encode(identity.token(), StandardCharsets.UTF_8);
        Response response;
        try {
            response = http.service(Request.post(
                    URI.create("https://" + registry + "/oauth2/exchange"),
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    form));
        } catch (IOException e) {
            throw new CloudException(registry + " " + CloudHttp.inWords(e));
        }
        if (response.status() != 200) {
            throw new CloudException(registry + " does not accept Stowage's identity (HTTP " + response.status()
                    + "): assign it the role AcrPull on this registry");
        }
        return token(registry, response.body());
    }

    /** The refresh token in a response of this registry. */
    CloudToken token(String registry, byte[] body) throws CloudException {
        String token = Json.secret(Json.read(body), "refresh_token")
                .orElseThrow(() -> new CloudException(registry + " returned something that is not a refresh token"));
        Instant now = clock.instant();
        return new CloudToken(Credential.identityToken(token), now, now.plus(life(token)));
    }

    /** From the token's own times, which are both of the registry's clock. */
    private static Duration life(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            JsonNode claims = Json.read(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
            Duration life = Duration.ofSeconds(
                    claims.path("exp").asLong() - claims.path("iat").asLong());
            return life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0 ? USUAL_LIFE : life;
        } catch (IllegalArgumentException e) {
            return USUAL_LIFE;
        }
    }
}
