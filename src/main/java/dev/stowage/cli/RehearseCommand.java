package dev.stowage.cli;

import dev.stowage.serve.PlayedCluster;
import dev.stowage.serve.ServeApplication;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code stowage rehearse}: what the JVM is trained with that makes an AOT cache; needs neither cluster nor registry. */
@Command(
        name = "rehearse",
        hidden = true,
        description = {
            "Starts as 'serve' does, on a cluster that this process plays, until it has been ready for some seconds; then ends.",
            "java -XX:AOTCacheOutput=FILE -jar quarkus-run.jar rehearse makes the cache that -XX:AOTCache=FILE takes."
        })
final class RehearseCommand implements Callable<Integer> {

    /** Does not return: Quarkus ends the process with the application's exit code. */
    @Override
    public Integer call() throws Exception {
        PlayedCluster cluster = PlayedCluster.start();
        System.setProperty("kubernetes.master", cluster.url());
        // No cluster that this machine happens to know.
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        Quarkus.run(ServeApplication.class, ServeApplication.UNTIL_READY);
        return ExitCode.RUNS;
    }
}
