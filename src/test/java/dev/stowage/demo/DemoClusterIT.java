package dev.stowage.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration's API server: real, and gone without a trace at its end. */
class DemoClusterIT {

    @Test
    @RequiresApiServer
    @OneKubernetesVersion
    void letsInWhatNoWebhookDeniesAndSaysItAsKubectlDoes() throws Exception {
        Path kubeconfig;
        List<ProcessHandle> before = kubernetes();
        try (DemoCluster cluster = DemoCluster.start(Program.kubeBinaries().orElseThrow())) {
            kubeconfig = cluster.kubeconfig();
            Manifest pod = Manifest.pod("plain", "127.0.0.1:1/x:1", Map.of());

            Applied created = cluster.apply(pod);
            Applied again = cluster.apply(pod);

            assertThat(created.created()).isTrue();
            assertThat(created.lines()).containsExactly("pod/plain created");
            assertThat(again.created()).isFalse();
            assertThat(again.lines())
                    .containsExactly("Error from server (AlreadyExists): error when creating \"plain.yaml\":"
                            + " pods \"plain\" already exists");
            assertThat(cluster.apply(Manifest.deployment("web", "127.0.0.1:1/x:1"))
                            .lines())
                    .containsExactly("deployment.apps/web created");
            assertThat(kubeconfig).content().contains("https://127.0.0.1:");
        }

        assertThat(kubeconfig.getParent()).doesNotExist();
        assertThat(kubernetes()).isSubsetOf(before);
    }

    @Test
    void saysWhatTheProgramsSaidWhenTheyDoNotStart(@TempDir Path folder) throws IOException {
        for (String program : new String[] {"etcd", "kube-apiserver"}) {
            Path script = Files.writeString(folder.resolve(program), "#!/bin/sh\necho no luck today >&2\nexit 3\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }

        assertThatThrownBy(() -> DemoCluster.start(new KubeBinaries(folder, "1.0.0", folder)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not start")
                .hasMessageContaining("no luck today");
    }

    /** Other tests may have left an API server running. */
    private static List<ProcessHandle> kubernetes() {
        return ProcessHandle.current()
                .children()
                .filter(DemoClusterIT::isKubernetes)
                .toList();
    }

    private static boolean isKubernetes(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("etcd") || command.endsWith("kube-apiserver"))
                .isPresent();
    }
}
