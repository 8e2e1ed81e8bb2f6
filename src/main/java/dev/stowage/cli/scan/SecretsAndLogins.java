package dev.stowage.cli.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The pull secrets of a workload and, tried after them, the logins of the user. */
record SecretsAndLogins(KeyringSource secrets, Keyring logins) implements KeyringSource {

    @Override
    public CompletableFuture<Keyring> keyringOf(Workload workload, Deadline deadline) {
        return secrets.keyringOf(workload, deadline).thenApply(keyring -> new Both(keyring, logins));
    }

    private record Both(Keyring secrets, Keyring logins) implements Keyring {

        @Override
        public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(
                Repository repository, Deadline deadline) {
            return secrets.credentialsFor(repository, deadline)
                    .thenCombine(
                            logins.credentialsFor(repository, deadline),
                            (ofPod, ofUser) -> ofPod.fold(
                                    first -> ofUser.fold(
                                            second -> new RegistryResult.Success<>(join(first, second)),
                                            failure -> ofPod),
                                    failure -> ofUser));
        }

        private static ReadCredentials join(ReadCredentials first, ReadCredentials second) {
            Set<Credential> all = new LinkedHashSet<>(first.credentials());
            all.addAll(second.credentials());
            return new ReadCredentials(List.copyOf(all)).withProblems(first.problems());
        }

        @Override
        public List<String> notes() {
            List<String> notes = new ArrayList<>(secrets.notes());
            notes.addAll(logins.notes());
            return notes;
        }

        @Override
        public boolean complete() {
            return secrets.complete() && logins.complete();
        }
    }
}
