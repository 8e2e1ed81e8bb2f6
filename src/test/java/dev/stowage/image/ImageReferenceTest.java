package dev.stowage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a container runtime makes of what stands in {@code image:}. */
class ImageReferenceTest {

    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final String SHA256 = "sha256:" + HEX;

    static Stream<Arguments> valid() {
        return Stream.of(
                // what is written, registry, path, what is requested
                row("nginx", "docker.io", "library/nginx", "latest"),
                row("nginx:1.27", "docker.io", "library/nginx", "1.27"),
                row("nginx:1@" + SHA256, "docker.io", "library/nginx", SHA256),
                row("nginx@" + SHA256, "docker.io", "library/nginx", SHA256),
                row("x:gone@" + SHA256, "docker.io", "library/x", SHA256),
                row("local/x", "docker.io", "local/x", "latest"),
                row("foo.bar", "docker.io", "library/foo.bar", "latest"),
                row("host:5000", "docker.io", "library/host", "5000"),
                row("localhost", "docker.io", "library/localhost", "latest"),
                row("localhost/x", "localhost", "x", "latest"),
                row("localhost:5000/x:2", "localhost:5000", "x", "2"),
                row("host:5000/x", "host:5000", "x", "latest"),
                row("foo.bar/x", "foo.bar", "x", "latest"),
                row("Foo/bar", "Foo", "bar", "latest"),
                row("FOO.Example/a/b:T", "FOO.Example", "a/b", "T"),
                row("docker.io/nginx", "docker.io", "library/nginx", "latest"),
                row("docker.io/a/b", "docker.io", "a/b", "latest"),
                row("index.docker.io/nginx", "docker.io", "library/nginx", "latest"),
                row("index.docker.io/a/b", "docker.io", "a/b", "latest"),
                row("registry-1.docker.io/nginx", "registry-1.docker.io", "nginx", "latest"),
                row("quay.io/a/b/c/d:v1", "quay.io", "a/b/c/d", "v1"),
                row("[fe80::1]/x", "[fe80::1]", "x", "latest"),
                row("[::1]:5000/x:1", "[::1]:5000", "x", "1"),
                row("169.254.169.254/x", "169.254.169.254", "x", "latest"),
                row("127.0.0.1:80/x", "127.0.0.1:80", "x", "latest"),
                row("xn--bcher-kva.example/x", "xn--bcher-kva.example", "x", "latest"),
                row("my_registry.io/x", "my_registry.io", "x", "latest"),
                row("a.b/c.d_e__f-g---h/0:_x.y-z", "a.b", "c.d_e__f-g---h/0", "_x.y-z"),
                row("x@sha384:" + "a".repeat(96), "docker.io", "library/x", "sha384:" + "a".repeat(96)),
                row("x@sha512:" + "a".repeat(128), "docker.io", "library/x", "sha512:" + "a".repeat(128)),
                row("x:" + "t".repeat(128), "docker.io", "library/x", "t".repeat(128)),
                row("r.io/" + "p".repeat(255), "r.io", "p".repeat(255), "latest"),
                row(HEX + ":1", "docker.io", "library/" + HEX, "1"),
                row("a/" + HEX, "docker.io", "a/" + HEX, "latest"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void validReferencesNameRegistryPathAndTarget(String text, String registry, String path, String target) {
        ImageReference reference = ImageReference.parse(text);

        assertThat(reference.repository()).isEqualTo(new Repository(registry, path));
        assertThat(reference.target()).isEqualTo(target);
        assertThat(reference).hasToString(text);
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                row("", "empty"),
                row(" nginx", "whitespace around"),
                row("nginx\n", "whitespace around"),
                row("ng inx", "contains whitespace"),
                row("http://nginx", "write it without \"http://\""),
                row("https://quay.io/a/b", "write it without \"https://\""),
                row("docker://nginx", "write it without \"docker://\""),
                row("foo/Bar", "lower case; write \"foo/bar\""),
                row("Nginx", "lower case; write \"nginx\""),
                row("quay.io/A/b:1", "lower case; write \"a/b\""),
                row("x:", "tag after \":\" is empty"),
                row("x@", "digest after \"@\" is empty"),
                row("x:@" + SHA256, "tag after \":\" is empty"),
                row("a/b:1:2", "more than one tag"),
                row("x:-a", "not a valid tag"),
                row("x:.a", "not a valid tag"),
                row("x:a+b", "not a valid tag"),
                row("x:" + "t".repeat(129), "129 characters; 128"),
                row("r.io/" + "p".repeat(256), "256 characters; 255"),
                row("p".repeat(248), "256 characters; 255"),
                row("a..b", "not a valid part"),
                row("a___b", "not a valid part"),
                row("a.-b", "not a valid part"),
                row("-a", "not a valid part"),
                row("a-", "not a valid part"),
                row("a_", "not a valid part"),
                row("a$b", "not a valid part"),
                row("a//b", "slash too many"),
                row("/a", "slash too many"),
                row("a/", "slash too many"),
                row("quay.io/", "no repository"),
                row(":1", "no repository"),
                row("@" + SHA256, "no repository"),
                row(HEX, "write the repository before"),
                row("x@md5:" + "a".repeat(32), "\"md5\" is not a supported digest algorithm"),
                row("x@SHA256:" + HEX, "\"SHA256\" is not a supported digest algorithm"),
                row("x@sha256:abc", "64 hexadecimal digits, this one has 3"),
                row("x@sha512:" + HEX, "128 hexadecimal digits, this one has 64"),
                row("x@sha256:" + HEX.toUpperCase(), "lower-case"),
                row("x@" + HEX, "algorithm:hex"),
                row("x@" + SHA256 + ":1", "write a tag before"),
                row("x@" + SHA256 + "@" + SHA256, "there is text after its digest"),
                row("bücher.example/x", "\\u00fc, which is not ASCII; write the host name in its punycode form"),
                row("quay.io/bücher", "\\u00fc, which is not ASCII"),
                row("fe80::1/x", "IPv6 address is written in brackets"),
                row("host:/x", "port that is not a number"),
                row("host:50a/x", "port that is not a number"),
                row("[fe80::1/x", "hexadecimal digits and colons"),
                row("[]/x", "not a valid part"),
                row("[]:1/x", "hexadecimal digits and colons"),
                row("[::1]:a/x", "port that is not a number"),
                row("[fe80::1%eth0]/x", "hexadecimal digits and colons"),
                row("[::1]x/y", "hexadecimal digits and colons"),
                row("a..b/x", "not a valid registry"),
                row("a.b./x", "not a valid registry"),
                row("-a.b/x", "not a valid registry"),
                row("a-.b/x", "not a valid registry"),
                row("a_b:5000/x", "not a valid registry"),
                row("${IMAGE}", "placeholder"),
                row("{{ .Values.image }}", "placeholder"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("invalid")
    void invalidReferencesSayWhatIsWrong(String text, String reason) {
        InvalidReferenceException exception = failure(text);

        assertThat(exception.reason()).contains(reason);
        assertThat(exception.getMessage()).contains(exception.reason(), exception.shownText());
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                row("10 kB of letters", "a".repeat(10_000)),
                row("10 kB of separators", "a" + "-".repeat(10_000)),
                row("10 kB of colons", "a/" + ":".repeat(10_000)),
                row("10 kB of slashes", "a" + "/".repeat(10_000)),
                row("10 kB of dots before a slash", ".".repeat(10_000) + "/x"),
                row("10 kB of tag", "x:" + "t".repeat(10_000)),
                row("10 kB of digest", "x@sha256:" + "a".repeat(10_000)),
                row("10 kB of algorithm", "x@" + "a".repeat(10_000) + ":00"),
                row("10 kB of upper case", "a/" + "A".repeat(10_000)),
                row("control character", "x\u0007y"),
                row("escape sequence", "x\u001b[31m/y"),
                row("null character", "x\u0000"),
                row("line break", "x\ny"),
                row("path traversal", "a/../../etc/passwd"),
                row("path traversal from the start", "../x"),
                row("path traversal at a registry", "quay.io/../x"),
                row("encoded path traversal", "quay.io/%2e%2e/x"),
                row("query", "quay.io/x?y=z"),
                row("fragment", "quay.io/x#y"),
                row("backslash", "quay.io\\x"),
                row("user name", "user@quay.io/x"),
                row("user name and password", "user:pass@quay.io/x"),
                row("homograph: Cyrillic letter", "gh\u0441r.io/x"),
                row("homograph: fullwidth dot", "quay\uff0eio/x"),
                row("homograph: division slash", "quay.io\u2215x"),
                row("right-to-left override", "quay.io/\u202ex"),
                row("invisible character", "quay.io/\u200bx"),
                row("IPv4 address within IPv6", "[::ffff:127.0.0.1]/x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void hostileReferencesAreInvalidAndSafeToShow(String name, String text) {
        InvalidReferenceException exception = failure(text);

        assertThat(exception.getMessage()).hasSizeLessThan(700).matches("[ -~…]*");
        assertThat(exception.reason()).isNotEmpty().matches("[ -~…]*");
    }

    @Test
    void addressesAreTheRegistriesThatTheyAre() {
        assertThat(ImageReference.parse("169.254.169.254/latest/meta-data").repository())
                .isEqualTo(new Repository("169.254.169.254", "latest/meta-data"));
        assertThat(ImageReference.parse("[::1]/x").repository().registry()).isEqualTo("[::1]");
    }

    @Test
    void theTagIsKeptBesideADigestButNeverLookedAt() {
        ImageReference reference = ImageReference.parse("nginx:1@" + SHA256);

        assertThat(reference.tag()).contains("1");
        assertThat(reference.canonical()).isEqualTo("docker.io/library/nginx@" + SHA256);
    }

    @Test
    void aDigestAloneHasNoTag() {
        assertThat(ImageReference.parse("nginx@" + SHA256).tag()).isEmpty();
    }

    @Test
    void namesWithoutRegistryBelongToTheDefaultOne() {
        assertThat(canonical("nginx")).isEqualTo("registry.example:5000/nginx:latest");
        assertThat(canonical("local/x:1")).isEqualTo("registry.example:5000/local/x:1");
    }

    @Test
    void namesWithRegistryDoNotBelongToTheDefaultOne() {
        assertThat(canonical("docker.io/nginx")).isEqualTo("docker.io/library/nginx:latest");
        assertThat(canonical("index.docker.io/nginx")).isEqualTo("docker.io/library/nginx:latest");
        assertThat(canonical("quay.io/x")).isEqualTo("quay.io/x:latest");
    }

    @Test
    void anInvalidReferenceIsAnIllegalArgument() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ImageReference.parse("foo/Bar"))
                .withMessage("invalid image reference \"foo/Bar\": repository names are lower case; write \"foo/bar\"");
    }

    private static String canonical(String text) {
        return ImageReference.parse(text, "registry.example:5000").canonical();
    }

    private static InvalidReferenceException failure(String text) {
        InvalidReferenceException exception =
                catchThrowableOfType(InvalidReferenceException.class, () -> ImageReference.parse(text));
        assertThat(exception).describedAs("invalid: %s", Printable.of(text)).isNotNull();
        return exception;
    }

    private static Arguments row(Object... parts) {
        return Arguments.of(parts);
    }
}
