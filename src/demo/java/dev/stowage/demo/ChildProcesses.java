package dev.stowage.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs that run as child processes in one temporary folder. They end, and the folder goes, when this is closed or when this
 * process ends, whichever is first: Ctrl-C leaves nothing behind.
 */
final class ChildProcesses implements AutoCloseable {

    private static final int LAST_LINES = 40;

    private final TemporaryFolder folder;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::stop, "stop-child-processes");

    private ChildProcesses(TemporaryFolder folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** None yet, in a new folder whose name begins like this. */
    static ChildProcesses in(String prefix) throws IOException {
        return new ChildProcesses(TemporaryFolder.create(prefix));
    }

    /** The folder for what they read and write. */
    Path folder() {
        return folder.path();
    }

    /**
     * Starts a program; what it prints goes to {@code NAME.log} in the folder.
     *
     * @param builder its command and environment
     */
    synchronized void launch(String name, ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
        process.getOutputStream().close();
        processes.put(name, process);
    }

    /** Whether all that were started still run. */
    synchronized boolean areAlive() {
        return processes.values().stream().allMatch(Process::isAlive);
    }

    /** The last lines that each of them printed, with its name before each line. */
    synchronized List<String> lastLines() {
        List<String> last = new ArrayList<>();
        for (String name : processes.keySet()) {
            try {
                List<String> lines = Files.readAllLines(log(name));
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> last.add(name + ": " + line));
            } catch (IOException e) {
                last.add(name + ": its log cannot be read: " + e.getMessage());
            }
        }
        return last;
    }

    /** Ends all of them and removes the folder. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending; the hook finds nothing left to do.
        }
    }

    private synchronized void stop() {
        // Killed: nothing here is to be kept, and with open watches an API server takes a minute to end by itself.
        List<Process> latestFirst = new ArrayList<>(processes.values());
        Collections.reverse(latestFirst);
        latestFirst.forEach(Process::destroyForcibly);
        for (Process process : latestFirst) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        processes.clear();
        folder.close();
    }

    private Path log(String name) {
        return folder.path().resolve(name + ".log");
    }

    /** A loopback port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
