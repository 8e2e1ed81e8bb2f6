package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.transport.AddressGuard;
import dev.stowage.testing.FakeRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** What the tests of the registry client share: a registry that is ended afterwards, and ways to read answers. */
abstract class RegistryTesting {

    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(300);

    /** Every path of the fake registry. */
    static final String ANY = "/v2/.*";

    final FakeRegistry fake = new FakeRegistry();
    private HttpRegistry client;

    @AfterEach
    void end() {
        fake.close();
        if (client != null) {
            client.close();
        }
    }

    HttpRegistry client() {
        return client(RegistrySettings.DEFAULT);
    }

    HttpRegistry client(RegistrySettings settings) {
        return client(settings, InetAddress::getAllByName);
    }

    HttpRegistry client(RegistrySettings settings, AddressGuard.Resolver resolver) {
        return client(settings, LocalRegistries.NONE, resolver);
    }

    HttpRegistry client(RegistrySettings settings, LocalRegistries localRegistries, AddressGuard.Resolver resolver) {
        client = new HttpRegistry(
                settings, RegistryObserver.NONE, localRegistries, resolver, System::nanoTime, Clock.systemUTC());
        return client;
    }

    static ReadCredentials as(String... usersAndPasswords) {
        Stream.Builder<Credential> credentials = Stream.builder();
        for (int i = 0; i < usersAndPasswords.length; i += 2) {
            credentials.add(new Credential(usersAndPasswords[i], usersAndPasswords[i + 1]));
        }
        return new ReadCredentials(credentials.build().toList());
    }

    /** The answer to requesting this tag or digest of the fake registry. */
    RegistryResult<Content> ask(HttpRegistry client, String repository, String target, ReadCredentials credentials) {
        return get(client.manifest(fake.repository(repository), target, credentials, Deadline.in(LONG)));
    }

    /** The answer to requesting the tag {@code v1} within this time. */
    RegistryResult<Content> ask(HttpRegistry client, Repository repository, Duration time) {
        return get(client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(time)));
    }

    /** Stores an image {@code good:v1}. */
    void serveGood() {
        new SampleImages(fake.store("good")).image("v1", Platform.of("linux", "amd64"));
    }

    Content found(HttpRegistry client, String repository, String target) {
        return found(ask(client, repository, target, ReadCredentials.ANONYMOUS));
    }

    RegistryFailure failure(HttpRegistry client, String repository, String target) {
        return failure(ask(client, repository, target, ReadCredentials.ANONYMOUS));
    }

    static <T> T found(RegistryResult<T> answer) {
        return answer.fold(content -> content, failure -> {
            throw new AssertionError("failed: " + failure);
        });
    }

    static RegistryFailure failure(RegistryResult<?> answer) {
        return answer.fold(
                content -> {
                    throw new AssertionError("found: " + content);
                },
                failure -> failure);
    }

    /** The answer, which must come though not at once; bounds a test, measures nothing. */
    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    void assertKind(RegistryFailure failure, RegistryFailure.Kind kind) {
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
    }

    static List<String> headers(FakeRegistry registry, String name) {
        return registry.requests().stream().map(request -> request.header(name)).toList();
    }
}
