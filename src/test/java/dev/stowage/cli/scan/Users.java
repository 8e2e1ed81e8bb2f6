package dev.stowage.cli.scan;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Kubeconfigs of ServiceAccounts. */
final class Users {

    private Users() {}

    /** The kubeconfig of a ServiceAccount in the namespace. */
    static Path of(ScanWorld world, String account, Path folder) throws Exception {
        String token = world.client
                .serviceAccounts()
                .inNamespace(world.namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
        return Files.writeString(folder.resolve(account), """
                apiVersion: v1
                kind: Config
                current-context: reader
                contexts: [{name: reader, context: {cluster: c, user: reader}}]
                clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: reader, user: {token: "%s"}}]
                """.formatted(
                        world.client.getConfiguration().getMasterUrl(), token));
    }
}
