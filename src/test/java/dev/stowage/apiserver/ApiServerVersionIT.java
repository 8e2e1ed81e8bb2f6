package dev.stowage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.KubeBinaries;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What version the tests ran on. */
@RequiresApiServer
class ApiServerVersionIT {

    @Test
    @DisplayName(
            "the API server is of the version that the environment names; without one, of the version that its folder names")
    void version() {
        String wanted = Optional.ofNullable(System.getenv(KubeBinaries.VERSION))
                .filter(version -> !version.isBlank())
                .orElseGet(() -> Program.kubeBinaries().orElseThrow().version());

        try (KubernetesClient client = ApiServer.shared().client()) {
            assertThat(client.getKubernetesVersion().getGitVersion()).isEqualTo("v" + wanted);
        }
    }
}
