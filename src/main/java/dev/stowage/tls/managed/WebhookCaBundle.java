package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import dev.stowage.tls.InvalidPemException;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom the webhooks of one configuration trust ({@code clientConfig.caBundle}), and the patch that changes it. */
record WebhookCaBundle(ValidatingWebhookConfiguration configuration) {

    /** Those authorities that every webhook trusts; what cannot be read trusts nobody. */
    CaBundle common() {
        List<X509Certificate> common = null;
        for (ValidatingWebhook webhook : webhooks()) {
            List<X509Certificate> trusted = bundles(webhook);
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
        return webhooks().stream().allMatch(webhook -> new HashSet<>(bundles(webhook)).equals(wanted));
    }

    /** The operations of a JSON patch that make every webhook trust these. */
    List<Map<String, String>> operations(CaBundle bundle) {
        String value = Base64.getEncoder().encodeToString(bundle.toPem().getBytes(StandardCharsets.US_ASCII));
        List<Map<String, String>> operations = new ArrayList<>();
        for (int i = 0; i < webhooks().size(); i++) {
            operations.add(Map.of("op", "add", "path", "/webhooks/" + i + "/clientConfig/caBundle", "value", value));
        }
        return operations;
    }

    private List<ValidatingWebhook> webhooks() {
        return configuration.getWebhooks() == null ? List.of() : configuration.getWebhooks();
    }

    private static List<X509Certificate> bundles(ValidatingWebhook webhook) {
        try {
            return CaBundle.parse(text(webhook)).certificates();
        } catch (InvalidPemException e) {
            return List.of();
        }
    }

    private static String text(ValidatingWebhook webhook) {
        String bundle = webhook.getClientConfig() == null
                ? null
                : webhook.getClientConfig().getCaBundle();
        return bundle == null ? "" : new String(Base64.getMimeDecoder().decode(bundle), StandardCharsets.UTF_8);
    }
}
