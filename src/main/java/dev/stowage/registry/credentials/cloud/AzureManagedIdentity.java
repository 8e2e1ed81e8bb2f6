package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.registry.credentials.cloud.CloudHttp.Request;
import dev.stowage.registry.credentials.cloud.CloudHttp.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The managed identity of the node, from the instance metadata service. */
final class AzureManagedIdentity implements AzureIdentity {

    private static final String BASE = "http://169.254.169.254/metadata/";
    private static final String ENVIRONMENT =
            BASE + "instance/compute/azEnvironment?api-version=2021-02-01&format=text";
    private static final String TOKEN = BASE + "identity/oauth2/token?api-version=2018-02-01&resource="
            + URLEncoder.encode(AUDIENCE, StandardCharsets.UTF_8);
    private static final Map<String, String> HEADERS = Map.of("Metadata", "true");
    private static final Duration TIME = Duration.ofSeconds(5);

    private final CloudHttp http;
    private final String clientId;

    /** @param clientId the identity's client ID; empty where the node has only one */
    AzureManagedIdentity(CloudHttp http, String clientId) {
        this.http = http;
        this.clientId = clientId;
    }

    @Override
    public Optional<String> domain() {
        try {
            Response response = http.metadata(Request.get(ENVIRONMENT, HEADERS), TIME);
            return response.status() != 200
                    ? Optional.empty()
                    : Optional.ofNullable(
                            switch (new String(response.body(), StandardCharsets.UTF_8).strip()) {
                                case "AzurePublicCloud" -> ".azurecr.io";
                                case "AzureUSGovernmentCloud" -> ".azurecr.us";
                                case "AzureChinaCloud" -> ".azurecr.cn";
                                default -> null;
                            });
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String token() throws CloudException {
        String identity = clientId.isEmpty() ? "" : "&client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8);
        Response response;
        try {
            response = http.metadata(Request.get(TOKEN + identity, HEADERS), TIME);
        } catch (IOException e) {
            throw new CloudException("the instance metadata service of Azure " + CloudHttp.inWords(e));
        }
        JsonNode object = Json.read(response.body());
        if (response.status() != 200) {
            throw new CloudException("the node has no managed identity that Stowage can use, or several (HTTP "
                    + response.status() + "): set AZURE_CLIENT_ID to the one to use, or use Workload Identity");
        }
        return Json.secret(object, "access_token")
                .orElseThrow(() -> new CloudException(
                        "the instance metadata service of Azure returned something that is not a token"));
    }
}
