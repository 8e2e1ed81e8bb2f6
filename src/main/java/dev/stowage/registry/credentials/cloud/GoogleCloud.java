package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.cloud.CloudHttp.Request;
import dev.stowage.registry.credentials.cloud.CloudHttp.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Artifact Registry and Container Registry: the access token of the metadata server is the password for all of them. The server is
 * contacted at its fixed address, whatever name the environment has for it, and must identify itself.
 */
final class GoogleCloud implements Cloud<String> {

    private static final Pattern REGISTRIES =
            Pattern.compile("(?:[a-z0-9][a-z0-9-]{0,61}\\.)?gcr\\.io|[a-z0-9][a-z0-9-]{0,50}-docker\\.pkg\\.dev");
    private static final String ACCOUNTS = "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/";
    private static final String TOKEN = ACCOUNTS + "default/token";
    private static final String FLAVOR = "Metadata-Flavor";
    private static final String GOOGLE = "Google";
    private static final String USER = "oauth2accesstoken";
    private static final Duration TIME = Duration.ofSeconds(2);

    /** Workload Identity asks other services for the first token. */
    private static final Duration TOKEN_TIME = Duration.ofSeconds(10);

    private final CloudHttp http;
    private final Clock clock;

    GoogleCloud(CloudHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "Google Cloud";
    }

    @Override
    public Optional<String> keyOf(String registry) {
        return REGISTRIES.matcher(registry).matches() ? Optional.of(USER) : Optional.empty();
    }

    @Override
    public boolean isPresent() {
        try {
            return isGoogle(get(ACCOUNTS, TIME));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String permission() {
        return "Stowage's service account at Google Cloud needs roles/artifactregistry.reader on the repository, and nodes without"
                + " Workload Identity the access scope cloud-platform or devstorage.read_only";
    }

    @Override
    public CloudToken request(String key) throws CloudException {
        Response response;
        try {
            response = get(TOKEN, TOKEN_TIME);
        } catch (IOException e) {
            throw new CloudException("the metadata server of Google Cloud " + CloudHttp.inWords(e));
        }
        if (!isGoogle(response)) {
            throw new CloudException("what responds in place of the metadata server of Google Cloud is not one");
        }
        if (response.status() != 200) {
            throw refused(response.status());
        }
        return token(response.body());
    }

    /** The token in a response of the metadata server. */
    CloudToken token(byte[] body) throws CloudException {
        JsonNode object = Json.read(body);
        long seconds = object.path("expires_in").asLong();
        Optional<String> token = Json.secret(object, "access_token");
        if (token.isEmpty() || seconds <= 0) {
            throw new CloudException("the metadata server of Google Cloud returned something that is not a token");
        }
        Instant now = clock.instant();
        return new CloudToken(new Credential(USER, token.get()), now, now.plusSeconds(Math.min(seconds, 86_400)));
    }

    private static CloudException refused(int status) {
        return new CloudException(
                status == 404
                        ? "the node has no service account of Google Cloud: use Workload Identity, or give the node pool one"
                        : "the metadata server of Google Cloud gives Stowage no token (HTTP " + status
                                + "): allow its Kubernetes ServiceAccount to use the Google one (roles/iam.workloadIdentityUser)");
    }

    private Response get(String uri, Duration time) throws IOException {
        return http.metadata(Request.get(uri, Map.of(FLAVOR, GOOGLE)), time);
    }

    private static boolean isGoogle(Response response) {
        return response.header(FLAVOR).filter(GOOGLE::equals).isPresent();
    }
}
