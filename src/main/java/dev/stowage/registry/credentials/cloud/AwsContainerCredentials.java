package dev.stowage.registry.credentials.cloud;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * EKS Pod Identity, and tasks of ECS: credentials from an agent on the node. Its address is configured, so only those that AWS's own
 * tools allow are contacted: the agents' fixed ones, loopback, or any over https.
 */
final class AwsContainerCredentials implements AwsCredentialSource {

    static final String FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    static final String RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

    private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    private static final Set<String> HOSTS =
            Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "127.0.0.1", "[::1]", "localhost");
    private static final Duration TIME = Duration.ofSeconds(5);

    private final CloudHttp http;
    private final Map<String, String> environment;

    AwsContainerCredentials(CloudHttp http, Map<String, String> environment) {
        this.http = http;
        this.environment = environment;
    }

    @Override
    public AwsCredentials get(String region) throws CloudException {
        String token = environment.containsKey(TOKEN_FILE)
                ? SecretFile.read(TOKEN_FILE, environment.get(TOKEN_FILE))
                : environment.getOrDefault(TOKEN, "");
        Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("Authorization", token);
        CloudHttp.Response response;
        try {
            response = http.metadata(new CloudHttp.Request("GET", address(), headers, ""), TIME);
        } catch (IOException e) {
            throw new CloudException("the agent of EKS Pod Identity " + CloudHttp.inWords(e));
        }
        if (response.status() != 200) {
            throw new CloudException("the agent of EKS Pod Identity refused Stowage's pod (HTTP " + response.status()
                    + "): create an association of its ServiceAccount with a role that trusts pods.eks.amazonaws.com");
        }
        return AwsCredentials.parse(response.body())
                .orElseThrow(() ->
                        new CloudException("the agent of EKS Pod Identity returned something that is not credentials"));
    }

    private URI address() throws CloudException {
        String relative = environment.getOrDefault(RELATIVE_URI, "");
        try {
            URI uri = relative.isEmpty()
                    ? new URI(environment.getOrDefault(FULL_URI, ""))
                    : new URI("http", "169.254.170.2", null, null).resolve(relative);
            boolean allowed = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && ("https".equals(uri.getScheme())
                            || "http".equals(uri.getScheme()) && HOSTS.contains(uri.getHost()));
            if (allowed) {
                return uri;
            }
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            // the sentence below says it
        }
        throw new CloudException(
                (relative.isEmpty() ? FULL_URI : RELATIVE_URI)
                        + " is not an address that credentials may come from: https, loopback, or that of the ECS or EKS agent");
    }
}
