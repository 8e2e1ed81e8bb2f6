package dev.stowage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.net.Cidr;
import dev.stowage.registry.net.HttpProxy;
import dev.stowage.registry.net.Proxies;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules, ranges, addresses and proxies as people configure them. */
class SettingsTest {

    @Test
    @DisplayName("the most specific rule counts, whatever the order")
    void mostSpecificRule() {
        RegistrySettings settings = RegistrySettings.DEFAULT.withRules(
                RegistryRule.of("*"),
                RegistryRule.of("*.example.com"),
                RegistryRule.of("*.eu.example.com"),
                RegistryRule.of("a.eu.example.com"));

        assertThat(settings.rule("a.eu.example.com"))
                .get()
                .extracting(RegistryRule::host)
                .isEqualTo("a.eu.example.com");
        assertThat(settings.rule("b.eu.example.com"))
                .get()
                .extracting(RegistryRule::host)
                .isEqualTo("*.eu.example.com");
        assertThat(settings.rule("b.example.com"))
                .get()
                .extracting(RegistryRule::host)
                .isEqualTo("*.example.com");
        assertThat(settings.rule("other.test"))
                .get()
                .extracting(RegistryRule::host)
                .isEqualTo("*");
    }

    @Test
    @DisplayName("limits and timeouts that make no sense are refused")
    void senselessRules() {
        RegistryRule rule = RegistryRule.of("a.test");
        assertThatThrownBy(() -> rule.withTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rule.withLimits(OptionalDouble.of(0), OptionalInt.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rule.withLimits(OptionalDouble.empty(), OptionalInt.of(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mirror.parse("http://user@host/x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mirror.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} contains {1}: {2}")
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.1.1, 192.168.1.1, true",
        "192.168.1.1, 192.168.1.2, false",
        "fd00::/8, fd12::1, true",
        "fd00::/8, 10.0.0.1, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "10.1.2.128/25, 10.1.2.127, false"
    })
    void ranges(String range, String address, boolean contained) throws UnknownHostException {
        assertThat(Cidr.parse(range).contains(InetAddress.getByName(address))).isEqualTo(contained);
    }

    @ParameterizedTest(name = "no range: {0}")
    @ValueSource(strings = {"", "example.com/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/", "fd00::/129"})
    void noRanges(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}: at a desk {1}, in a cluster {2}, with private networks off {3}")
    @CsvSource({
        "1.1.1.1, true, true, true",
        "10.0.0.1, true, true, false",
        "172.31.0.1, true, true, false",
        "172.32.0.1, true, true, true",
        "192.168.0.1, true, true, false",
        "100.64.0.1, true, true, false",
        "fd12::1, true, true, false",
        "127.0.0.1, true, false, false",
        "::1, true, false, false",
        "::ffff:127.0.0.1, true, false, false",
        "169.254.169.254, false, false, false",
        "::ffff:169.254.169.254, false, false, false",
        "64:ff9b::169.254.169.254, false, false, false",
        "::169.254.169.254, false, false, false",
        "64:ff9b::127.0.0.1, true, false, false",
        "fe80::1, false, false, false",
        "fd00:ec2::254, false, false, false",
        "100.100.100.200, false, false, false",
        "168.63.129.16, false, false, false",
        "0.0.0.0, false, false, false",
        "::, false, false, false",
        "224.0.0.1, false, false, false",
        "255.255.255.255, false, false, false",
        "10.9.0.1, true, true, true",
        "::ffff:0:169.254.169.254, false, false, false",
        "::ffff:0:127.0.0.1, true, false, false",
        "::ffff:0:8.8.8.8, true, true, true",
        "64:ff9b::8.8.8.8, true, true, true",
        "64:ff9b::10.9.0.1, true, true, true",
        "64:ff9b::10.8.0.1, true, true, false",
        "64:ff9b:1::169.254.169.254, false, false, false",
        "64:ff9b:1::127.0.0.1, true, false, false",
        "64:ff9b:1:7f00:0:100::, true, false, false",
        "64:ff9b:1:a9fe:a9:fe00::, false, false, false",
        "64:ff9b:1:7f:0:1::, true, false, false",
        "64:ff9b:1:0:a9:fea9:fe00:0, false, false, false",
        "64:ff9b:1::8.8.8.8, true, true, true",
        "64:ff9b:1:808:8:800::, true, true, true",
        "2002:7f00:1::, true, false, false",
        "2002:a9fe:a9fe::1, false, false, false",
        "2002:a00:1::1, true, true, false",
        "2002:808:808::1, true, true, true",
        "2001:0:808:808:0:0:80ff:fffe, true, false, false",
        "2001:0:808:808:0:0:5601:5601, false, false, false",
        "2001:0:7f00:1:0:0:f7f7:f7f7, true, false, false",
        "2001:0:808:808:0:0:f7f7:f7f7, true, true, true",
        "2001:db8::5efe:7f00:1, true, false, false",
        "2001:db8::200:5efe:a9fe:a9fe, false, false, false",
        "fec0::1, true, true, false",
        "0.1.2.3, false, false, false",
        "100.127.255.255, true, true, false",
        "172.31.0.1, true, true, false",
        "127.255.0.1, true, false, false",
        "2606:4700::1, true, true, true"
    })
    void addresses(String text, boolean desk, boolean cluster, boolean strict) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(text);
        AddressPolicy noPrivate = new AddressPolicy(false, false, List.of(Cidr.parse("10.9.0.0/16")), List.of());

        assertThat(AddressPolicy.LOCAL.refusal(address).isEmpty()).isEqualTo(desk);
        assertThat(AddressPolicy.CLUSTER.refusal(address).isEmpty()).isEqualTo(cluster);
        assertThat(noPrivate.refusal(address).isEmpty()).isEqualTo(strict);
    }

    @ParameterizedTest(name = "::ffff:{0} as name services return it: desk {1}, cluster {2}")
    @CsvSource({
        "127.0.0.1, true, false",
        "169.254.169.254, false, false",
        "0.0.0.0, false, false",
        "10.0.0.1, true, true"
    })
    void mappedAddresses(String ipv4, boolean desk, boolean cluster) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        System.arraycopy(InetAddress.getByName(ipv4).getAddress(), 0, bytes, 12, 4);
        InetAddress address = Inet6Address.getByAddress("registry.test", bytes, -1);
        assertThat(address).isInstanceOf(Inet6Address.class);

        assertThat(AddressPolicy.LOCAL.refusal(address).isEmpty()).isEqualTo(desk);
        assertThat(AddressPolicy.CLUSTER.refusal(address).isEmpty()).isEqualTo(cluster);
    }

    @Test
    @DisplayName("link-local addresses are refused with any scope")
    void scopes() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();

        assertThat(AddressPolicy.LOCAL.refusal(Inet6Address.getByAddress("", bytes, 3)))
                .isPresent();
    }

    @Test
    @DisplayName("ranges are for the embedded IPv4 address too, and may be written as a mapped one")
    void embeddedRanges() throws UnknownHostException {
        AddressPolicy denied = new AddressPolicy(true, true, List.of(), List.of(Cidr.parse("::ffff:10.1.0.0/112")));

        assertThat(denied.refusal(InetAddress.getByName("10.1.2.3"))).isPresent();
        assertThat(denied.refusal(InetAddress.getByName("2002:a01:203::1"))).isPresent();
        assertThat(denied.refusal(InetAddress.getByName("2002:a02:203::1"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: ambiguous {1}")
    @CsvSource({
        "127.1, true",
        "2130706433, true",
        "0x7f000001, true",
        "0177.0.0.1, true",
        "127.0.0.0x1, true",
        "127.0.0.1., true",
        "registry.123, true",
        "127.0.0.1, false",
        "::ffff:127.0.0.1, false",
        "registry.example.com, false",
        "1.example, false",
        "localhost, false"
    })
    void notations(String host, boolean ambiguous) {
        assertThat(Authority.isAmbiguous(host)).isEqualTo(ambiguous);
    }

    @Test
    @DisplayName("denied ranges win over allowed ones")
    void denied() throws UnknownHostException {
        AddressPolicy policy =
                new AddressPolicy(true, true, List.of(Cidr.parse("10.0.0.0/8")), List.of(Cidr.parse("10.1.0.0/16")));

        assertThat(policy.refusal(InetAddress.getByName("10.1.2.3"))).isPresent();
        assertThat(policy.refusal(InetAddress.getByName("10.2.2.3"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://registry.test/, secure.proxy:3128",
        "http://registry.test/, plain.proxy:80",
        "https://127.0.0.1:5000/, ''",
        "https://localhost/, ''",
        "https://[::1]/, ''",
        "https://corp.test/, ''",
        "https://a.corp.test/, ''",
        "https://notcorp.test/, secure.proxy:3128",
        "https://x.dotted.test/, ''",
        "https://port.test:5000/, ''",
        "https://port.test/, secure.proxy:3128",
        "https://10.1.2.3/, ''",
        "https://11.1.2.3/, secure.proxy:3128",
        "https://dotted.test/, secure.proxy:3128",
        "https://x.starred.test/, ''",
        "https://a.port.test:5000/, ''",
        "https://[fd00::1:2]:5000/, ''",
        "https://[fd01::1]/, ''",
        "https://[fd01:0:0::1]:5000/, ''",
        "https://[fd02::1]:5000/, ''",
        "https://[fd02::1]/, secure.proxy:3128",
        "https://192.0.2.7:5000/, ''",
        "https://192.0.2.7/, secure.proxy:3128",
        "https://UPPER.test/, ''"
    })
    void proxies(URI uri, String proxy) {
        Proxies proxies = Proxies.from(Map.of(
                "HTTPS_PROXY", "http://user:password@secure.proxy:3128",
                "http_proxy", "plain.proxy",
                "NO_PROXY",
                        "corp.test, .dotted.test,port.test:5000,10.0.0.0/8, *.starred.test Upper.Test,fd00::/16,fd01::1,"
                                + "[fd02::1]:5000,192.0.2.7:5000,/,x/99,:80,"));

        assertThat(proxies.proxyFor(uri).map(HttpProxy::authority).orElse("")).isEqualTo(proxy);
    }

    @Test
    @DisplayName("NO_PROXY=*, no variables, and a proxy that is none")
    void oddProxies() {
        URI uri = URI.create("https://registry.test/");
        assertThat(Proxies.from(Map.of("HTTPS_PROXY", "p:1", "no_proxy", "*")).proxyFor(uri))
                .isEmpty();
        assertThat(Proxies.from(Map.of()).proxyFor(uri)).isEmpty();
        assertThatThrownBy(() -> Proxies.from(Map.of("HTTPS_PROXY", "socks5://me:s3cret@host")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("s3cret");
        assertThat(Proxies.from(Map.of("HTTPS_PROXY", " ", "https_proxy", "p:1"))
                        .proxyFor(uri))
                .isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "http://me:p%40ss@p:1, me, p@ss",
        "http://a%3Ab:c:d@p:1, a:b, c:d",
        "me@p:1, me, ''",
        "http://:pass+word@p:1, '', pass+word",
        "http://m%C3%A9:x@p:1, mé, x"
    })
    @DisplayName("user names and passwords of proxies")
    void proxyLogins(String url, String user, String password) {
        HttpProxy proxy = Proxies.from(Map.of("HTTP_PROXY", url))
                .proxyFor(URI.create("http://registry.test/"))
                .orElseThrow();

        assertThat(proxy.login()).contains(new HttpProxy.Login(user, password));
        assertThat(proxy.authority()).isEqualTo("p:1");
        assertThat(proxy.toString() + proxy.login())
                .doesNotContain("p@ss")
                .doesNotContain("c:d")
                .doesNotContain("pass");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"http://me:s3cret%zz@p:1", "http://me:s3cret@x@p:1", "https://me:s3cret@p:1", "http://me:s3cret@"
            })
    @DisplayName("a proxy that is not valid is named by its variable, and its password is not shown")
    void invalidProxies(String url) {
        assertThatThrownBy(() -> Proxies.from(Map.of("https_proxy", url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "HTTPS_PROXY is not of the form http://host:port or http://user:password@host:port")
                .hasMessageNotContaining("s3cret");
    }
}
