package dev.stowage.cli;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ports of the webhook, as the built application opens them. */
class ListenIT {

    private static final Pattern WEBHOOK = Pattern.compile("reviews are answered at https://(\\S+):(\\d+)/validate");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://\\S+:(\\d+)");

    @TempDir
    private Path folder;

    private Process start(String... variables) throws IOException {
        return new Jar(folder)
                .start(
                        "",
                        Stream.of(
                                        Stream.of("env", "-u", "KUBECONFIG", "HOME=" + folder),
                                        Stream.of(variables),
                                        Jar.command("serve").stream())
                                .flatMap(part -> part)
                                .toList());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "STOWAGE_SERVER_PORT, QUARKUS_MANAGEMENT_PORT, set server.port (Helm: ports.webhook) to a free port",
        "QUARKUS_MANAGEMENT_PORT, STOWAGE_SERVER_PORT, set QUARKUS_MANAGEMENT_PORT (Helm: ports.metrics) to a free port"
    })
    @DisplayName("a port that another process has ends the start with one sentence")
    void portInUse(String taken, String free, String fix) throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            Process process = start(taken + "=" + other.getLocalPort(), free + "=0");
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

            CommandRun.Result result = new Jar(folder).result(process);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .isEqualTo("stowage: cannot listen on port " + other.getLocalPort()
                            + ": another process has it, in hostNetwork any process of the node; " + fix + "\n");
            assertThat(result.out()).doesNotContain("\tat ").doesNotContain("kill -9");
        }
    }

    @Test
    @DisplayName("so does an address that this machine does not have")
    void addressOfAnotherMachine() throws Exception {
        Process process = start("STOWAGE_SERVER_HOST=192.0.2.1", "STOWAGE_SERVER_PORT=0", "QUARKUS_MANAGEMENT_PORT=0");
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(new Jar(folder).result(process).err())
                .isEqualTo("stowage: cannot listen on 192.0.2.1: it is not an address of this machine;"
                        + " set server.host to one of its addresses, or to 0.0.0.0 for all\n");
    }

    static Stream<Arguments> hosts() throws IOException {
        Arguments ipv4 = Arguments.of("0.0.0.0", "0.0.0.0");
        return hasIpv6() ? Stream.of(ipv4, Arguments.of("::", "[::]")) : Stream.of(ipv4);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hosts")
    @DisplayName("all addresses of the IP versions that this machine has are listened on, for reviews and for probes")
    void bothVersions(String host, String shown) throws Exception {
        List<String> addresses = hasIpv6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
        Process process = start(
                "STOWAGE_SERVER_HOST=" + host,
                "QUARKUS_MANAGEMENT_HOST=" + host,
                "STOWAGE_SERVER_PORT=0",
                "QUARKUS_MANAGEMENT_PORT=0");
        try {
            Matcher webhook = printed(process, WEBHOOK);
            assertThat(webhook.group(1)).isEqualTo(shown);
            for (String port :
                    List.of(webhook.group(2), printed(process, MANAGEMENT).group(1))) {
                for (String address : addresses) {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(address, Integer.parseInt(port)), 5_000);
                        assertThat(socket.isConnected()).isTrue();
                    }
                }
            }
        } finally {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Matcher printed(Process process, Pattern pattern) throws IOException {
        Path out = folder.resolve("out");
        await(
                "it to print " + pattern,
                Duration.ofSeconds(90),
                () -> "",
                () -> !process.isAlive()
                        || pattern.matcher(Files.readString(out)).find());
        Matcher matcher = pattern.matcher(Files.readString(out));
        assertThat(matcher.find()).as(Files.readString(out)).isTrue();
        return matcher;
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
    }
}
