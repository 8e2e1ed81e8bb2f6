package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import dev.stowage.tls.InvalidPemException;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom the webhooks of one configuration trust ({@code clientConfig.caBundle}), and the patch that changes it. */
record WebhookCaBundle(WebhookConfiguration configuration) {

    /** Those authorities that every webhook trusts; what cannot be read trusts nobody. */
    CaBundle common() {
        List<X509Certificate> common = null;
        for (Optional<WebhookClientConfig> client : configuration.clients()) {
            List<X509Certificate> trusted = bundles(client);
            if (common == null) {
                common = new ArrayList<>(trusted);
            } else {
                common.retainAll(trusted);
            }
        }
        return common == null ? CaBundle.EMPTY : new CaBundle(common);
    }

    /** Whether every webhook trusts these and no others, however that is written. */
    boolean isExactly(CaBundle bundle) {
        Set<X509Certificate> wanted = new HashSet<>(bundle.certificates());
        return configuration.clients().stream().allMatch(client -> new HashSet<>(bundles(client)).equals(wanted));
    }

    /** The operations of a JSON patch that make every webhook trust these. */
    List<Map<String, String>> operations(CaBundle bundle) {
        String value = Base64.getEncoder().encodeToString(bundle.toPem().getBytes(StandardCharsets.US_ASCII));
        List<Map<String, String>> operations = new ArrayList<>();
        for (int i = 0; i < configuration.clients().size(); i++) {
            operations.add(Map.of("op", "add", "path", "/webhooks/" + i + "/clientConfig/caBundle", "value", value));
        }
        return operations;
    }

    private static List<X509Certificate> bundles(Optional<WebhookClientConfig> client) {
        try {
            return CaBundle.parse(text(client)).certificates();
        } catch (InvalidPemException e) {
            return List.of();
        }
    }

    private static String text(Optional<WebhookClientConfig> client) {
        return client.map(WebhookClientConfig::getCaBundle)
                .map(bundle -> new String(Base64.getMimeDecoder().decode(bundle), StandardCharsets.UTF_8))
                .orElse("");
    }
}
