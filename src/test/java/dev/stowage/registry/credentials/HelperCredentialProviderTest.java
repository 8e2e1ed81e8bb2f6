package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.auth.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class HelperCredentialProviderTest {

    private static final Repository ECR = new Repository("12.dkr.ecr.eu-west-1.amazonaws.com", "app");

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @Test
    void aHelperIsAskedForTheRegistriesOfItsPatternOnly() throws Exception {
        login("ecr-login", "AWS");
        HelperCredentialProvider keychain = keychain(Map.of("*.dkr.ecr.*.amazonaws.com", "ecr-login"));
        assertThat(ask(keychain, ECR)).containsExactly(new Credential("AWS", ECR.registry()));
        assertThat(ask(keychain, new Repository("12.dkr.ecr.eu-west-1.amazonaws.com.evil.test", "app")))
                .as("matched as the kubelet does")
                .isEmpty();
        assertThat(ask(keychain, new Repository("docker.io", "library/nginx"))).isEmpty();
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void theMoreSpecificPatternComesFirst() throws Exception {
        login("one", "one");
        login("two", "two");
        HelperCredentialProvider keychain = keychain(Map.of("*.example.com", "one", "a.example.com", "two"));
        assertThat(ask(keychain, new Repository("a.example.com", "x")))
                .extracting(Credential::username)
                .containsExactly("two", "one");
    }

    @Test
    void anAnswerIsKeptForMinutesAndConcurrentQuestionsAreOneRun() throws Exception {
        login("ecr-login", "AWS");
        HelperCredentialProvider keychain = keychain(Map.of("*.dkr.ecr.*.amazonaws.com", "ecr-login"));
        List<CompletableFuture<List<Credential>>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(keychain.credentialsFor(ECR, soon()));
        }
        asked.forEach(CompletableFuture::join);
        nanos.addAndGet(Duration.ofMinutes(4).toNanos());
        ask(keychain, ECR);
        assertThat(runs()).isEqualTo(1);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        ask(keychain, ECR);
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void aFailureIsNoCredentialIsToldOnceAndTriedAgainSoon() throws Exception {
        HelperCredentialProvider keychain = keychain(Map.of("*.dkr.ecr.*.amazonaws.com", "ecr-login"));
        assertThat(ask(keychain, ECR)).isEmpty();
        assertThat(ask(keychain, ECR)).isEmpty();
        assertThat(problems).singleElement().asString().contains("docker-credential-ecr-login is not installed");
        login("ecr-login", "AWS");
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(ask(keychain, ECR)).hasSize(1);
    }

    @Test
    void aSlowHelperEndsTheWaitingAtTheDeadlineAndServesTheNext() throws Exception {
        Path gate = folder.resolve("gate");
        Scripts.install(
                folder,
                "slow",
                "while [ ! -e " + gate + " ]; do sleep 0.05; done; printf '{\"Username\":\"u\",\"Secret\":\"s\"}'");
        HelperCredentialProvider keychain = keychain(Map.of("*.dkr.ecr.*.amazonaws.com", "slow"));
        assertThat(keychain.credentialsFor(ECR, Deadline.in(Duration.ofMillis(50)))
                        .join())
                .isEmpty();
        Files.createFile(gate);
        assertThat(ask(keychain, ECR)).containsExactly(new Credential("u", "s"));
    }

    @Test
    void wrongConfigurationIsRefusedByName() {
        assertThatThrownBy(() -> keychain(Map.of("a b", "x"))).hasMessageContaining("\"a b\" is not a valid registry");
        assertThatThrownBy(() -> keychain(Map.of("example.com", "../x")))
                .hasMessageContaining("\"../x\" is not a valid credential helper name");
    }

    private HelperCredentialProvider keychain(Map<String, String> helpers) {
        return new HelperCredentialProvider(helpers, List.of(folder), nanos::get, problems::add);
    }

    private void login(String helper, String user) throws IOException {
        Scripts.install(
                folder,
                helper,
                "read -r server; echo run >> " + folder.resolve("runs") + "; printf '{\"Username\":\"" + user
                        + "\",\"Secret\":\"%s\"}' \"$server\"");
    }

    private long runs() throws IOException {
        return Files.readAllLines(folder.resolve("runs")).size();
    }

    private static List<Credential> ask(HelperCredentialProvider keychain, Repository repository) {
        return keychain.credentialsFor(repository, soon()).join();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }
}
