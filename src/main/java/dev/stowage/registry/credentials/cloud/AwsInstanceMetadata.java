package dev.stowage.registry.credentials.cloud;

import dev.stowage.registry.credentials.cloud.CloudHttp.Request;
import dev.stowage.registry.credentials.cloud.CloudHttp.Response;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The role of the node, from the instance metadata service (IMDSv2). Its answer to the request for a session may travel as many hops
 * as the instance allows; with one hop it never reaches a pod, while the connection does.
 */
final class AwsInstanceMetadata implements AwsCredentialSource {

    private static final String BASE = "http://169.254.169.254/latest/";
    private static final String ROLES = BASE + "meta-data/iam/security-credentials/";
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Duration TIME = Duration.ofSeconds(2);

    private final CloudHttp http;
    private volatile String region = "";

    AwsInstanceMetadata(CloudHttp http) {
        this.http = http;
    }

    @Override
    public boolean isPresent() {
        try {
            Response response = session();
            if (response.status() != 200) {
                return false;
            }
            String found = text(get(BASE + "meta-data/placement/region", response));
            region = REGION.matcher(found).matches() ? found : "";
            return true;
        } catch (IOException e) {
            return isHopLimit(e);
        }
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public AwsCredentials get(String ofRegistry) throws CloudException {
        try {
            Response session = session();
            if (session.status() != 200) {
                throw new CloudException("the instance metadata service refused a session (HTTP " + session.status()
                        + "): enable it, or use EKS Pod Identity or IRSA");
            }
            Response roles = get(ROLES, session);
            String role = text(roles);
            if (roles.status() != 200 || !ROLE.matcher(role).matches()) {
                throw new CloudException(
                        "the node has no IAM role: give it an instance profile, or use EKS Pod Identity or IRSA");
            }
            return AwsCredentials.parse(get(ROLES + role, session).body())
                    .orElseThrow(() -> new CloudException(
                            "the instance metadata service returned something that is not credentials"));
        } catch (IOException e) {
            throw new CloudException(
                    isHopLimit(e)
                            ? "the instance metadata service accepts connections and does not respond, as with a hop limit of 1: set"
                                    + " the nodes' HttpPutResponseHopLimit to 2, or use EKS Pod Identity or IRSA"
                            : "the instance metadata service could not be reached");
        }
    }

    private static boolean isHopLimit(IOException failure) {
        return failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException);
    }

    private Response session() throws IOException {
        return http.metadata(
                new Request(
                        "PUT",
                        java.net.URI.create(BASE + "api/token"),
                        Map.of("X-aws-ec2-metadata-token-ttl-seconds", "300"),
                        ""),
                TIME);
    }

    private Response get(String uri, Response session) throws IOException {
        return http.metadata(Request.get(uri, Map.of("X-aws-ec2-metadata-token", text(session))), TIME);
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8).strip();
    }
}
