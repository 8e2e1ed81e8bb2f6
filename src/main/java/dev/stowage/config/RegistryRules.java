package dev.stowage.config;

import dev.stowage.registry.Mirror;
import dev.stowage.registry.RegistryRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The keys below {@code registries."<host>"}. */
final class RegistryRules {

    private static final String PEM_BEGIN = "-----BEGIN";

    private RegistryRules() {}

    /** @throws IllegalArgumentException when the host or a limit cannot be */
    static RegistryRule read(String host, StowageConfig.Registry said, String key, Problems problems) {
        List<Mirror> mirrors = new ArrayList<>();
        for (String text : said.mirrors().orElse(List.of())) {
            Optional.ofNullable(problems.read(key + ".mirrors", text, Mirror::parse, null))
                    .ifPresent(mirrors::add);
        }
        List<X509Certificate> trusted = said.ca()
                .map(text -> problems.read(key + ".ca", text, RegistryRules::certificates, List.<X509Certificate>of()))
                .orElse(List.of());
        return new RegistryRule(
                host,
                mirrors,
                said.insecure(),
                trusted,
                said.timeout(),
                said.blocked(),
                said.maxRequestsPerSecond().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                said.maxInFlight().map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static List<X509Certificate> certificates(String text) {
        try {
            byte[] pem = text.contains(PEM_BEGIN)
                    ? text.getBytes(StandardCharsets.US_ASCII)
                    : Files.readAllBytes(Path.of(text));
            List<X509Certificate> read = new ArrayList<>();
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(certificate -> read.add((X509Certificate) certificate));
            if (read.isEmpty()) {
                throw new IllegalArgumentException("it holds no certificate");
            }
            return read;
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("it is neither PEM nor a file that can be read");
        } catch (CertificateException e) {
            throw new IllegalArgumentException("it is no X.509 certificate in PEM");
        }
    }
}
