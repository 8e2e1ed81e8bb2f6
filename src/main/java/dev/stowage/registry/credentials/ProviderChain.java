package dev.stowage.registry.credentials;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Several providers, which search at the same time, and whose credentials are tried in their order. */
final class ProviderChain implements CredentialProvider {

    private final List<CredentialProvider> providers;

    ProviderChain(List<CredentialProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    @Override
    public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
        return provide(repository, "", deadline).thenApply(ProvidedCredentials::credentials);
    }

    @Override
    public CompletableFuture<ProvidedCredentials> provide(Repository repository, String namespace, Deadline deadline) {
        List<CompletableFuture<ProvidedCredentials>> all = providers.stream()
                .map(provider -> provider.provide(repository, namespace, deadline))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<Credential> credentials = new ArrayList<>();
            List<String> problems = new ArrayList<>();
            for (CompletableFuture<ProvidedCredentials> each : all) {
                credentials.addAll(each.join().credentials());
                problems.addAll(each.join().problems());
            }
            return new ProvidedCredentials(credentials, problems);
        });
    }

    @Override
    public Optional<String> problem(Repository repository) {
        return first(provider -> provider.problem(repository));
    }

    @Override
    public Optional<String> permission(Repository repository) {
        return first(provider -> provider.permission(repository));
    }

    private Optional<String> first(Function<CredentialProvider, Optional<String>> clause) {
        return providers.stream().map(clause).flatMap(Optional::stream).findFirst();
    }
}
