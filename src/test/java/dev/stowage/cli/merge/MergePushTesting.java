package dev.stowage.cli.merge;

import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.testing.FakeRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Two registries, images with attestations in one of them, and the command that merges them into the other. */
abstract class MergePushTesting {

    static final Platform AMD64 = Platform.of("linux", "amd64");
    static final Platform ARM64 = Platform.of("linux", "arm64");
    static final String UNCHANGED = ".\nstowage: The tag is as it was.\n";

    final FakeRegistry target = new FakeRegistry();
    final FakeRegistry origin = new FakeRegistry();
    final HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    final Descriptor amd64 = attested("shop-amd64", AMD64);
    final Descriptor arm64 = attested("shop-arm64", ARM64);
    Keyring keyring = Keyring.ANONYMOUS;

    @AfterEach
    void end() {
        client.close();
        origin.close();
        target.close();
    }

    Descriptor attested(String repository, Platform platform) {
        SampleImages images = new SampleImages(origin.store(repository));
        Descriptor image = images.image(platform);
        images.index("1", image, images.attestation(image));
        return image;
    }

    CommandRun.Result push() {
        return push("shop:1");
    }

    CommandRun.Result push(String name) {
        return push(name, origin);
    }

    CommandRun.Result push(String name, FakeRegistry sources) {
        return CommandRun.with(client, keyring)
                .run(
                        "merge",
                        "--push",
                        target.host() + "/" + name,
                        sources.host() + "/shop-amd64:1",
                        sources.host() + "/shop-arm64:1");
    }

    /** The credentials of the target alone. */
    Keyring as(String... usersAndPasswords) {
        List<Credential> all = Stream.iterate(0, i -> i + 2)
                .limit(usersAndPasswords.length / 2)
                .map(i -> new Credential(usersAndPasswords[i], usersAndPasswords[i + 1]))
                .toList();
        return (repository, deadline) -> CompletableFuture.completedFuture(new RegistryResult.Success<>(
                repository.registry().equals(target.host()) ? new ReadCredentials(all) : ReadCredentials.ANONYMOUS));
    }

    List<String> written() {
        return target.requests().stream()
                .filter(request -> !List.of("GET", "HEAD").contains(request.method()))
                .filter(request -> !request.path().equals("/token"))
                .map(request -> request.method() + " " + request.path())
                .toList();
    }
}
