package dev.stowage.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product as the demonstration starts it. */
class StowageProcessIT {

    @Test
    void showsTheLogWhenItDoesNotStartAndLeavesNoProcessBehind(@TempDir Path folder) throws IOException {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), "clusters: [\n");

        assertThatThrownBy(() -> StowageProcess.start(kubeconfig))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("stowage serve did not start:\nstowage: ");
        assertThat(ProcessHandle.current().children().toList()).isSubsetOf(before);
    }
}
