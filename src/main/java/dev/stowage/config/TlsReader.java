package dev.stowage.config;

import dev.stowage.cluster.ObjectName;
import dev.stowage.config.TlsSettings.Mode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The keys below {@code tls}. */
final class TlsReader {

    private static final String IN_A_CLUSTER = "KUBERNETES_SERVICE_HOST";
    private static final String ANY_NAMESPACE = "x";

    private TlsReader() {}

    static TlsSettings read(StowageConfig.Tls said, Map<String, String> environment, Problems problems) {
        Optional<ObjectName> secret =
                Optional.ofNullable(problems.read("tls.secret", said.secret(), TlsReader::secret, null));
        Mode mode = said.mode()
                .map(text -> problems.read("tls.mode", text, TlsReader::mode, Mode.SELF))
                .orElseGet(() -> usual(said, environment));
        TlsSettings instead = settings(Mode.SELF, said, secret);
        return problems.build("tls", () -> settings(mode, said, secret), instead);
    }

    private static TlsSettings settings(Mode mode, StowageConfig.Tls said, Optional<ObjectName> secret) {
        return new TlsSettings(
                mode,
                secret.map(ObjectName::namespace)
                        .filter(namespace -> said.secret().indexOf('/') >= 0),
                secret.map(ObjectName::name).orElse(""),
                said.webhook(),
                said.service(),
                said.names().orElse(List.of()),
                said.certificate().map(Path::of),
                said.key().map(Path::of));
    }

    /** Files where they are given; else in a cluster the Secret, because replicas have to share. */
    private static Mode usual(StowageConfig.Tls said, Map<String, String> environment) {
        if (said.certificate().isPresent() || said.key().isPresent()) {
            return Mode.FILES;
        }
        return environment.containsKey(IN_A_CLUSTER) ? Mode.MANAGED : Mode.SELF;
    }

    private static Mode mode(String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it is one of "
                        + Arrays.stream(Mode.values())
                                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    private static ObjectName secret(String text) {
        try {
            return ObjectName.parse(text.indexOf('/') < 0 ? ANY_NAMESPACE + "/" + text : text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is a Secret's name, or namespace/name");
        }
    }
}
