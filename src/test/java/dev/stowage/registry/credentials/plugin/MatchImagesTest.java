package dev.stowage.registry.credentials.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.ImageReference;
import dev.stowage.registry.credentials.RegistryKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("matchImages, as in the kubelet's own table and its documentation")
class MatchImagesTest {

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        // TestURLsMatch
        "*.kubernetes.io, prefix.kubernetes.io/x, true",
        "prefix.*.io, prefix.kubernetes.io/x, true",
        "prefix.kubernetes.*, prefix.kubernetes.io/x, true",
        "*-good.kubernetes.io, prefix-good.kubernetes.io/x, true",
        "*.kubernetes.io/blah, prefix.kubernetes.io/blah, true",
        "prefix.*.io/foo, prefix.kubernetes.io/foo/bar, true",
        "*.kubernetes.io:1111/blah, prefix.kubernetes.io:1111/blah, true",
        "prefix.*.io:1111/foo, prefix.kubernetes.io:1111/foo/bar, true",
        "*.kubernetes.io, kubernetes.io/x, false",
        "*.*.kubernetes.io, prefix.kubernetes.io/x, false",
        "*.*.kubernetes.io, kubernetes.io/x, false",
        "*kubernetes.io, a.kubernetes.io/x, false",
        "*kubernetes.io, kubernetes.io/x, true",
        "*.*.*.kubernetes.io, a.b.c.kubernetes.io/x, true",
        "kubernetes.io, kubernetes.com/x, false",
        "k*.io, quay.io/x, false",
        "*.kubernetes.io:1234/blah, prefix.kubernetes.io:1111/blah, false",
        "prefix.*.io/foo, prefix.kubernetes.io:1111/foo/bar, false",
        // the comments of CredentialProvider.matchImages
        "123456789.dkr.ecr.us-east-1.amazonaws.com, 123456789.dkr.ecr.us-east-1.amazonaws.com/app, true",
        "*.azurecr.io, team.azurecr.io/app, true",
        "*.azurecr.io, team.azurecr.io.evil.example/app, false",
        "gcr.io, gcr.io/project/app, true",
        "*.*.registry.io, a.b.registry.io/app, true",
        "registry.io:8080/path, registry.io:8080/path/app, true",
        "registry.io:8080/path, registry.io:8080/other, false",
        "registry.io:8080, registry.io/app, false",
        // what the kubelet gets of an image: its repository, with the name of Docker Hub
        "docker.io, nginx:1.27, true",
        "docker.io/library, nginx, true",
        "index.docker.io, nginx, false",
        "quay.io/team, quay.io/teamster/app, true",
        "quay.io/team/, quay.io/teamster/app, false",
        "quay.io/team/app:v1, quay.io/team/app:v1, false",
        // unlike in the keys of credentials, nothing is cut off
        "https://quay.io, quay.io/app, false",
        "quay.io/v2/, quay.io/app, false",
        "QUAY.io, quay.io/app, false"
    })
    void match(String entry, String image, boolean expected) {
        assertThat(RegistryKey.ofMatchImage(entry)).hasValueSatisfying(key -> assertThat(
                        key.matches(ImageReference.parse(image).repository()))
                .isEqualTo(expected));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "%invalid%",
                "a b.example",
                "registry.io:port",
                "[a.example",
                "a[.example",
                "a\\.example",
                "x\u0000.io"
            })
    void aMalformedEntryIsRefused(String entry) {
        assertThat(RegistryKey.ofMatchImage(entry)).isEmpty();
    }
}
