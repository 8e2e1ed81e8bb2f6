package dev.stowage.registry.credentials.cloud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity that this pod has at AWS. The first that is configured counts, in the order of AWS's own tools: keys in the
 * environment, a web identity (IRSA), the agent of the node (Pod Identity), the instance metadata service.
 */
final class AwsIdentity {

    private static final Pattern ARN = Pattern.compile("arn:(aws[a-z-]*):.*");

    private final AwsCredentialSource source;
    private final String region;
    private final Optional<String> partitionOfRole;
    private final Clock clock;
    private @Nullable AwsCredentials current;
    private Instant renewAt = Instant.MIN;

    AwsIdentity(CloudHttp http, Map<String, String> environment, Clock clock) {
        this.clock = clock;
        this.region = environment.getOrDefault("AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", ""));
        this.partitionOfRole = Optional.of(ARN.matcher(environment.getOrDefault(AwsWebIdentity.ROLE, "")))
                .filter(java.util.regex.Matcher::matches)
                .map(arn -> arn.group(1));
        this.source = source(http, environment, region);
    }

    private static AwsCredentialSource source(CloudHttp http, Map<String, String> environment, String region) {
        if (has(environment, "AWS_ACCESS_KEY_ID") && has(environment, "AWS_SECRET_ACCESS_KEY")) {
            AwsCredentials keys = new AwsCredentials(
                    environment.getOrDefault("AWS_ACCESS_KEY_ID", ""),
                    environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
                    Optional.ofNullable(environment.get("AWS_SESSION_TOKEN")).filter(token -> !token.isEmpty()),
                    Instant.MAX);
            return registryRegion -> keys;
        }
        if (has(environment, AwsWebIdentity.ROLE) && has(environment, AwsWebIdentity.TOKEN_FILE)) {
            return new AwsWebIdentity(http, environment, region);
        }
        if (has(environment, AwsContainerCredentials.FULL_URI)
                || has(environment, AwsContainerCredentials.RELATIVE_URI)) {
            return new AwsContainerCredentials(http, environment);
        }
        return "true".equalsIgnoreCase(environment.get("AWS_EC2_METADATA_DISABLED"))
                ? new None()
                : new AwsInstanceMetadata(http);
    }

    private static boolean has(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isEmpty();
    }

    boolean isPresent() {
        return source.isPresent();
    }

    /** The partition whose services may be given this identity. */
    String partition() {
        String known = region.isEmpty() ? source.region() : region;
        return known.isEmpty() ? partitionOfRole.orElse("aws") : AwsEndpoint.partitionOf(known);
    }

    /** Credentials that are still good for half of their life, or at least for some time if there are no new ones. */
    synchronized AwsCredentials credentials(String registryRegion) throws CloudException {
        Instant now = clock.instant();
        if (current != null && now.isBefore(renewAt)) {
            return current;
        }
        try {
            AwsCredentials renewed = source.get(registryRegion);
            current = renewed;
            renewAt = renewed.expires().equals(Instant.MAX)
                    ? Instant.MAX
                    : now.plus(Duration.between(now, renewed.expires()).dividedBy(2));
            return renewed;
        } catch (CloudException e) {
            if (current != null && now.isBefore(current.expires())) {
                return current;
            }
            throw e;
        }
    }

    /** Forgets credentials that AWS refused. */
    synchronized void forget() {
        current = null;
    }

    /** No identity, and no metadata service that may be contacted. */
    private static final class None implements AwsCredentialSource {
        @Override
        public AwsCredentials get(String region) throws CloudException {
            throw new CloudException("there is no identity of AWS");
        }

        @Override
        public boolean isPresent() {
            return false;
        }
    }
}
