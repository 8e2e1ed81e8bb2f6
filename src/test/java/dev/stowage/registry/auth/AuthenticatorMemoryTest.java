package dev.stowage.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.transport.AddressGuard;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.HttpClients;
import dev.stowage.registry.transport.HttpTransport;
import dev.stowage.registry.transport.Redirects;
import dev.stowage.registry.transport.RegistryExecutors;
import dev.stowage.registry.transport.RegistryRequest;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Anyone may name any number of registries, each with challenges as long as a header may be. */
class AuthenticatorMemoryTest {

    private static final int REGISTRIES = 600;
    private static final String LONG = "x".repeat(3_500);

    private final FakeRegistry fake = new FakeRegistry();
    private final RegistryExecutors executors = new RegistryExecutors();
    private final RegistrySettings settings =
            RegistrySettings.DEFAULT.withRules(RegistryRule.of("*").withInsecure(true));
    private final HttpClients clients = new HttpClients(settings, executors.responses());
    private final Authenticator authenticator = authenticator();

    private Authenticator authenticator() {
        AddressGuard guard = new AddressGuard(
                settings.addresses(),
                settings.proxies(),
                name -> new InetAddress[] {InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})},
                executors.lookups(),
                System::nanoTime);
        Redirects redirects = new Redirects(
                new HttpTransport(settings, clients, executors, guard, RegistryObserver.NONE, System::nanoTime),
                settings);
        return new Authenticator(
                redirects, new TokenClient(redirects, settings, new TokenCache(System::nanoTime), Clock.systemUTC()));
    }

    @AfterEach
    void end() {
        clients.close();
        executors.close();
        fake.close();
    }

    @Test
    @DisplayName("schemes and scopes are bounded by bytes, however many registries challenge and however much they say")
    void bounded() {
        fake.on("/token.*", FakeRegistryAnswer.status(200).body("{\"token\":\"t\"}"));
        fake.on("/v2/.*", (request, line) -> {
            FakeRegistryAnswer answer = request.header("Authorization").isEmpty()
                    ? FakeRegistryAnswer.status(401)
                            .header(
                                    "WWW-Authenticate",
                                    "Bearer realm=\"" + fake.url() + "/token\",service=\"" + LONG + "\",scope=\"" + LONG
                                            + "\"")
                    : FakeRegistryAnswer.status(200).body("{}");
            answer.answer(request, line);
        });

        for (int i = 0; i < REGISTRIES; i++) {
            assertThat(send("r" + i + ".test:" + fake.server().port())).isEqualTo(200);
        }

        assertThat(authenticator.caches()).hasSize(2).allSatisfy(cache -> {
            cache.cleanUp();
            assertThat(cache.estimatedSize()).as("something was left out").isBetween(1L, REGISTRIES - 1L);
            assertThat(cache.estimatedSize() * LONG.length()).isLessThanOrEqualTo(Authenticator.MAX_BYTES);
            assertThat(weight(cache)).isLessThanOrEqualTo(Authenticator.MAX_BYTES);
        });
    }

    private static long weight(Cache<?, ?> cache) {
        return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    private int send(String registry) {
        Endpoint endpoint =
                Endpoint.of(new Repository(registry, "app"), settings).get(0);
        RegistryRequest request = new RegistryRequest(
                RegistryObserver.Operation.MANIFEST,
                "GET",
                endpoint.uri("manifests", "v1"),
                Map.of(),
                Optional.empty(),
                1_000,
                Digest.Algorithm.SHA256,
                endpoint.rule(),
                true,
                Duration.ofSeconds(20),
                Optional.empty());
        ExchangeResult result = authenticator
                .send(endpoint, Optional.empty(), request, new CallContext(Deadline.in(Duration.ofSeconds(20))))
                .join();
        return result instanceof ExchangeResult.Response response ? response.status() : 0;
    }
}
