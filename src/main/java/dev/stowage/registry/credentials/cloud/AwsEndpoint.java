package dev.stowage.registry.credentials.cloud;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API that issues tokens for registries of Amazon ECR: one of a region, since a token serves all accounts in it, or that of ECR
 * Public.
 *
 * @param host the API's host
 * @param region the region that requests are signed for
 * @param service the name that requests are signed for
 */
record AwsEndpoint(String host, String region, String service) {

    private static final String REGION = "([a-z]{2}(?:-[a-z]{2,12}){1,2}-[1-9][0-9]?)";
    private static final Pattern IPV4 =
            Pattern.compile("[0-9]{12}\\.dkr\\.ecr(-fips)?\\." + REGION + "\\.amazonaws\\.com(\\.cn)?");
    private static final Pattern DUAL_STACK =
            Pattern.compile("[0-9]{12}\\.dkr-ecr(-fips)?\\." + REGION + "\\.on\\.aws");
    private static final String PUBLIC = "public.ecr.aws";

    /** ECR Public, whose tokens are issued in one region. */
    static final AwsEndpoint ECR_PUBLIC =
            new AwsEndpoint("api.ecr-public.us-east-1.amazonaws.com", "us-east-1", "ecr-public");

    /** The API for a registry; empty if its name is not wholly that of one. */
    static Optional<AwsEndpoint> of(String registry) {
        if (PUBLIC.equals(registry)) {
            return Optional.of(ECR_PUBLIC);
        }
        Matcher ipv4 = IPV4.matcher(registry);
        if (ipv4.matches()) {
            String region = ipv4.group(2);
            String name = ipv4.group(1) == null ? "api.ecr" : "ecr-fips";
            return region.startsWith("cn-") == (ipv4.group(3) != null)
                    ? Optional.of(new AwsEndpoint(name + "." + region + "." + domain(region), region, "ecr"))
                    : Optional.empty();
        }
        Matcher dual = DUAL_STACK.matcher(registry);
        return dual.matches() && !dual.group(2).startsWith("cn-")
                ? Optional.of(new AwsEndpoint(
                        "ecr" + (dual.group(1) == null ? "" : "-fips") + "." + dual.group(2) + ".api.aws",
                        dual.group(2),
                        "ecr"))
                : Optional.empty();
    }

    /** The security token service of a region; empty for what is not a region. */
    static Optional<URI> sts(String region) {
        return Pattern.matches(REGION, region)
                ? Optional.of(URI.create("https://sts." + region + "." + domain(region) + "/"))
                : Optional.empty();
    }

    /** The partition of a region; credentials of one are worth nothing in another, and are not sent there. */
    static String partitionOf(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    URI uri() {
        return URI.create("https://" + host + "/");
    }

    boolean isPublic() {
        return equals(ECR_PUBLIC);
    }

    private static String domain(String region) {
        return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    }
}
