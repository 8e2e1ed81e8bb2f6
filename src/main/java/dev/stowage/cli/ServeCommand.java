package dev.stowage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "serve", description = "placeholder")
final class ServeCommand implements Callable<Integer> {
    public Integer call() {
        return 0;
    }
}
