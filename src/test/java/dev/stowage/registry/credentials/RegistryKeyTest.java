package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Repository;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Corner cases of keys, as Go's URL parser and the kubelet's keyring have them. */
class RegistryKeyTest {

    @ParameterizedTest(name = "{0} for {1}/{2}: {3}")
    @CsvSource({
        "user@example.com, example.com, x, true",
        "user:pw@example.com/team, example.com, team/x, true",
        "example.com#x, example.com, x, true",
        "example.com/, example.com, x, true",
        "example.com/v1/, example.com, x, true",
        "example.com/v3/, example.com, x, false",
        "example.com/v2, example.com, v2x/y, true",
        "example.com/v2, example.com, x, false",
        "example.com/t%65am, example.com, team/x, true",
        "example.com/team?x, example.com, team/x, true",
        "'example.com:', example.com, x, true",
        "example.com//team, example.com, team/x, false",
        "https://https://example.com, example.com, x, false",
        "HTTPS://example.com, example.com, x, false",
        "[a-c].example.com, b.example.com, x, false",
        "reg[0-9].example.com, reg7.example.com, x, true",
        "reg[0-9].example.com, regx.example.com, x, false",
        "*, localhost, x, true",
        "*, example.com, x, false",
        "*:5000, localhost:5000, x, true",
        "*.*:5000, example.com:5000, x, true",
        "*.dkr.ecr.*.amazonaws.com, 12.dkr.ecr.eu-west-1.amazonaws.com, x, true",
        "*.dkr.ecr.*.amazonaws.com, 12.dkr.ecr.cn.amazonaws.com.cn, x, false",
        "[::1], [::1], x, false",
        "::1, [::1], x, false",
    })
    void matchesAsTheKubeletDoes(String key, String registry, String path, boolean matches) {
        assertThat(RegistryKey.of(key)
                        .map(read -> read.matches(new Repository(registry, path)))
                        .orElse(false))
                .isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "exa mple.com",
                "example.com:port",
                "[::1",
                "example.com/%zz",
                "exa%6dple.com",
                "a\\b.com",
                "us er@example.com",
                "exam{ple}.com",
                "example.com#%zz",
                "example.com\u0000"
            })
    void whatGoCannotParseIsPassedOver(String key) {
        assertThat(RegistryKey.of(key)).isEmpty();
    }
}
