package dev.stowage.registry.client;

import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ErrorCodes;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.StatusMapping.ErrorDetail;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Pull-through caches of Amazon ECR. The first pull imports the image and creates its repository, and before that ECR answers as if
 * neither existed to credentials that may not do so, as those of nodes may.
 */
final class PullThroughCache {

    /** As the kubelet's credential plugin for ECR recognises its hosts. */
    private static final Pattern ECR = Pattern.compile("[0-9]{12}\\.dkr[.-]ecr(-fips)?\\.[a-z0-9][a-z0-9_-]*\\."
            + "(amazonaws\\.(com(\\.cn)?|eu)|on\\.(aws|amazonwebservices\\.(com\\.cn|eu))"
            + "|sc2s\\.sgov\\.gov|c2s\\.ic\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)");

    private PullThroughCache() {}

    /** The failure, which leaves open whether a node could pull where a pull-through cache may answer so. */
    static ErrorDetail qualify(ErrorDetail failure, Response response, Endpoint endpoint) {
        return isEcr(endpoint) && isMissing(ErrorCodes.of(response.body()), endpoint)
                ? new ErrorDetail(
                        Kind.FORBIDDEN,
                        failure.reason()
                                + "; if this is a pull-through cache, the first pull fills it, and these credentials may not:"
                                + " grant Stowage ecr:BatchImportUpstreamImage and ecr:CreateRepository, or pull the image once")
                : failure;
    }

    private static boolean isEcr(Endpoint endpoint) {
        return ECR.matcher(Authority.hostOf(endpoint.authority()).toLowerCase(Locale.ROOT))
                .matches();
    }

    /** The repositories of nearly all caches have a prefix. */
    private static boolean isMissing(ErrorCodes codes, Endpoint endpoint) {
        return codes.has("NAME_UNKNOWN")
                || codes.has("MANIFEST_UNKNOWN") && endpoint.path().indexOf('/') > 0;
    }
}
