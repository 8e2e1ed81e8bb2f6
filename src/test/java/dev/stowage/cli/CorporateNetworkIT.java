package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.testing.ConnectProxy;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built application in a network with a certificate authority and a proxy of its own. */
class CorporateNetworkIT {

    private static final Platform AMD64 = Platform.of("linux", "amd64");

    @TempDir
    private Path folder;

    private final FakeRegistryCertificates certificates = new FakeRegistryCertificates();
    private Path config;

    @BeforeEach
    void configure() throws Exception {
        Path bundle = Files.writeString(
                folder.resolve("ca-bundle.crt"),
                "# Corporate authority\n"
                        + FakeRegistryCertificates.pem(
                                "CERTIFICATE", certificates.authority().getEncoded()));
        config = Files.writeString(
                folder.resolve("stowage.yaml"),
                "stowage: {trustedCa: " + bundle + ", registries: {\"127.0.0.1:*\": {insecure: false}}}\n");
    }

    private CommandRun.Result check(String image, Path config, String... variables) throws Exception {
        Process process = new Jar(folder)
                .start(
                        "",
                        Stream.of(
                                        Stream.of("env"),
                                        Stream.of(variables),
                                        Jar.command("check", image, "--platform=linux/amd64", "--config=" + config)
                                                .stream())
                                .flatMap(part -> part)
                                .toList());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Jar(folder).result(process);
    }

    @Test
    @RequiresRegistry
    @DisplayName("check --config with trustedCa reads a registry whose authority nobody else knows")
    void trustedCa() throws Exception {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        certificates.write(certificate, key);
        try (RealRegistry real =
                new RealRegistry(folder, "  tls: {certificate: " + certificate + ", key: " + key + "}", "")) {
            HttpClient trusting =
                    HttpClient.newBuilder().sslContext(certificates.trusting()).build();
            new SampleImages(new RegistryPusher(trusting, "https://" + real.host(), "a", "")).image("v1", AMD64);
            Path without = Files.writeString(
                    folder.resolve("without.yaml"), "stowage: {registries: {\"127.0.0.1:*\": {insecure: false}}}\n");

            CommandRun.Result trusted = check(real.host() + "/a:v1", config);
            CommandRun.Result unknown = check(real.host() + "/a:v1", without);

            assertThat(trusted.code()).as(trusted.out() + trusted.err()).isZero();
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.out()).contains("unknown authority", "trustedCa");
        }
    }

    @Test
    @DisplayName("a trustedCa that is not there is refused with key, path and fix")
    void missingCa() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "stowage: {trustedCa: /no/such/ca.crt}\n");

        CommandRun.Result result = check("r.example/a", wrong);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains(
                        "stowage.trustedCa: \"/no/such/ca.crt\"", "it does not exist", "a file of certificates in PEM");
    }

    @Test
    @DisplayName("HTTPS_PROXY with user name and password; a wrong password is named by its variable and shown nowhere")
    void proxyWithLogin() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(
                        certificates.serving("192.0.2.1", Instant.now().plus(Duration.ofDays(1))));
                ConnectProxy proxy = new ConnectProxy(registry.server().port())
                        .requiring(FakeRegistryAuth.basicHeader("user", "p@ss"))) {
            new SampleImages(registry.store("a")).image("v1", AMD64);
            String image = "192.0.2.1:5000/a:v1";

            CommandRun.Result right = check(image, config, "HTTPS_PROXY=http://user:p%40ss@" + proxy.host());
            CommandRun.Result wrong = check(image, config, "https_proxy=http://user:wr%40ng@" + proxy.host());

            assertThat(right.code()).as(right.out() + right.err()).isZero();
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.out() + wrong.err())
                    .contains("rejected its user name or password (407): correct them in HTTPS_PROXY")
                    .doesNotContain("wr%40ng", "wr@ng");
        }
    }
}
