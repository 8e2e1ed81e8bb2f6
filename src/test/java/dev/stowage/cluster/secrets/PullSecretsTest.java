package dev.stowage.cluster.secrets;

import static dev.stowage.cluster.watch.Pods.deployment;
import static dev.stowage.cluster.watch.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.kube.ObjectName;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullSecretsTest {

    private static final Repository APP = new Repository("example.com", "team/app");

    private final AtomicLong nanos = new AtomicLong();
    private final FakePullSecretApi api = new FakePullSecretApi();
    private PullSecrets secrets = source(PullSecrets.Settings.DEFAULT);

    @AfterEach
    void close() {
        api.gate.countDown();
        secrets.close();
    }

    @ParameterizedTest(name = "of a pod that names secrets, the ServiceAccount's do not count ({index})")
    @MethodSource("bothKinds")
    void thePodsOwnSecretsReplaceTheServiceAccounts(Workload workload) {
        api.account("a", "sa", "of-account").secret("a", "of-account", "example.com", "account");
        api.secret("a", "one", "example.com", "u1").secret("a", "two", "example.com", "u2");
        assertThat(users(workload)).containsExactly("u2", "u1");
        assertThat(api.asked).doesNotContain(new ObjectName("a", "sa"));
    }

    static Stream<Workload> bothKinds() {
        return Stream.of(pod("a", "sa", "two", "one"), deployment("a", "sa", "two", "one"));
    }

    @ParameterizedTest(name = "a pod that names none has the ServiceAccount's, in its order ({index})")
    @MethodSource("bothKindsWithoutSecrets")
    void withoutOwnSecretsTheServiceAccountsServe(Workload workload) {
        api.account("a", "sa", "two", "one");
        api.secret("a", "one", "example.com", "u1").secret("a", "two", "example.com", "u2");
        assertThat(users(workload)).containsExactly("u2", "u1");
    }

    static Stream<Workload> bothKindsWithoutSecrets() {
        return Stream.of(pod("a", "sa"), deployment("a", "sa"));
    }

    @Test
    @DisplayName("a secret that is missing is passed over and noted")
    void aMissingSecretIsPassedOver() {
        api.secret("a", "one", "example.com", "u1");
        Keyring keyring = keyring(pod("a", "sa", "missing", "", "one"));
        assertThat(users(keyring)).containsExactly("u1");
        assertThat(keyring.notes()).containsExactly("pull secret \"missing\" does not exist in namespace \"a\"");
        assertThat(keyring.complete()).isTrue();
    }

    @Test
    void aMissingServiceAccountIsNoted() {
        Keyring keyring = keyring(pod("a", "sa"));
        assertThat(access(keyring)).isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        assertThat(keyring.notes()).containsExactly("ServiceAccount \"sa\" does not exist in namespace \"a\"");
        assertThat(keyring.complete()).isTrue();
    }

    @Test
    @DisplayName("a malformed secret fails the pull and is named")
    void aMalformedSecretFailsThePull() {
        api.secret("a", "one", "example.com", "u1").secret("a", "broken", "{\"auths\":{\"hunter2");
        RegistryResult<ReadCredentials> answer = access(keyring(pod("a", "sa", "one", "broken")));
        String failed = answer.fold(found -> "", failure -> failure.kind() + ": " + failure.reason());
        assertThat(failed)
                .isEqualTo(
                        "INVALID: pull secret \"broken\" is malformed, so the kubelet cannot pull: it is not valid JSON");
    }

    @Test
    @DisplayName("a secret changed or deleted while in use is seen after the TTL")
    void changesAreSeen() {
        api.secret("a", "one", "example.com", "u1");
        Workload pod = pod("a", "sa", "one");
        assertThat(users(pod)).containsExactly("u1");
        api.secret("a", "one", "example.com", "u2");
        assertThat(users(pod)).containsExactly("u1");
        pass(Duration.ofSeconds(61));
        assertThat(users(pod)).containsExactly("u2");
        api.delete("a", "one");
        pass(Duration.ofSeconds(61));
        assertThat(users(pod)).isEmpty();
    }

    @Test
    @DisplayName("a secret changed while in use is seen at once when the registry refused the old one")
    void forgettingEndsTheBelief() {
        api.secret("a", "one", "example.com", "u1").secret("b", "one", "example.com", "b");
        assertThat(users(pod("a", "sa", "one"))).containsExactly("u1");
        assertThat(users(pod("b", "sa", "one"))).containsExactly("b");
        api.secret("a", "one", "example.com", "u2").secret("b", "one", "example.com", "b2");
        secrets.forget("a");
        assertThat(users(pod("a", "sa", "one"))).as("only just read").containsExactly("u1");
        pass(Duration.ofSeconds(6));
        secrets.forget("a");
        assertThat(users(pod("a", "sa", "one"))).containsExactly("u2");
        assertThat(users(pod("b", "sa", "one"))).as("another namespace").containsExactly("b");
    }

    @Test
    void aSecretIsReadOnceForAllWhoAskAndThenKnown() {
        api.account("a", "sa", "one").secret("a", "one", "example.com", "u1");
        api.gate = new CountDownLatch(1);
        List<CompletableFuture<Keyring>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(secrets.keyringOf(pod("a", "sa"), soon()));
        }
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        api.gate.countDown();
        asked.forEach(keyring -> assertThat(users(keyring.join())).containsExactly("u1"));
        assertThat(api.asked).containsExactly(new ObjectName("a", "sa"), new ObjectName("a", "one"));
        assertThat(secrets.keyringOf(pod("a", "sa"), soon())).as("from memory").isDone();
    }

    @Test
    @DisplayName("a namespace with many secrets does not keep those of another from being read")
    void namespacesAreReadInTurn() {
        api.secret("quiet", "one", "example.com", "u1");
        api.gate = new CountDownLatch(1);
        api.gated = "noisy";
        for (int i = 0; i < 400; i++) {
            secrets.keyringOf(pod("noisy", "sa", "s" + i), soon());
        }

        assertThat(users(pod("quiet", "sa", "one"))).containsExactly("u1");
        api.gate.countDown();
    }

    @Test
    void whatIsUsedIsReadAgainBesideSoThatNobodyWaits() {
        api.secret("a", "one", "example.com", "u1");
        Workload pod = pod("a", "sa", "one");
        assertThat(users(pod)).containsExactly("u1");
        pass(Duration.ofSeconds(40));
        api.gate = new CountDownLatch(1);
        assertThat(secrets.keyringOf(pod, soon())).isDone();
        assertThat(secrets.keyringOf(pod, soon())).isDone();
        api.gate.countDown();
        assertThat(api.asked.size()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("a namespace has no credentials of another's, nor the same identity")
    void namespacesAreApart() {
        api.secret("a", "regcred", "example.com", "tenant-a").secret("b", "regcred", "example.com", "tenant-b");
        Keyring a = keyring(pod("a", "sa", "regcred"));
        Keyring b = keyring(pod("b", "sa", "regcred"));
        Keyring c = keyring(pod("c", "sa", "regcred"));
        assertThat(users(a)).containsExactly("tenant-a");
        assertThat(users(b)).containsExactly("tenant-b");
        assertThat(access(c)).isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        assertThat(identity(a)).isNotEqualTo(identity(b)).isNotEqualTo(identity(c));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "../../b/secrets/regcred",
                "..",
                "../regcred",
                "b/regcred",
                "regcred?x",
                "regcred#",
                "%2e%2e",
                "A",
                "a\u0000"
            })
    @DisplayName("a secret's name cannot lead into another namespace")
    void namesThatLeadElsewhereAreNeverAsked(String name) {
        api.secret("b", "regcred", "example.com", "tenant-b");
        assertThat(users(pod("a", "sa", name))).isEmpty();
        assertThat(users(pod("a/../b", "sa", "regcred"))).isEmpty();
        assertThat(users(pod("a", name))).isEmpty();
        assertThat(api.asked).isEmpty();
    }

    @Test
    void aMissingRightIsNamedAndDoesNotFailAnything() {
        api.failWith = 403;
        Keyring keyring = keyring(pod("a", "sa", "one"));
        assertThat(access(keyring)).isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        assertThat(keyring.complete()).isFalse();
        assertThat(keyring.notes())
                .containsExactly(
                        "Stowage may not read pull secret \"one\" in namespace \"a\": its role lacks \"get\" on"
                                + " \"secrets\" there");
        assertThat(keyring(pod("a", "sa")).notes())
                .containsExactly(
                        "Stowage may not read ServiceAccount \"sa\" in namespace \"a\": its role lacks \"get\" on"
                                + " \"serviceaccounts\" there");
    }

    @Test
    void aRightThatIsGivenIsUsedSoon() {
        api.failWith = 403;
        api.secret("a", "one", "example.com", "u1");
        assertThat(users(pod("a", "sa", "one"))).isEmpty();
        api.failWith = 0;
        pass(Duration.ofSeconds(16));
        assertThat(users(pod("a", "sa", "one"))).containsExactly("u1");
    }

    @Test
    void anApiServerThatCannotAnswerIsNotedWithoutItsWords() {
        api.failWith = 500;
        Keyring keyring = keyring(pod("a", "sa", "one"));
        assertThat(keyring.complete()).isFalse();
        assertThat(keyring.notes())
                .containsExactly("the API server did not respond for pull secret \"one\" in namespace \"a\"");
    }

    @Test
    void whileTheApiServerIsAwayTheLastGoodReadingServesForSomeMinutes() {
        api.secret("a", "one", "example.com", "u1");
        Workload pod = pod("a", "sa", "one");
        assertThat(users(pod)).containsExactly("u1");
        api.failWith = 503;
        pass(Duration.ofMinutes(5));
        assertThat(users(pod)).containsExactly("u1");
        pass(Duration.ofMinutes(4));
        assertThat(users(pod)).containsExactly("u1");
        pass(Duration.ofMinutes(2));
        assertThat(users(pod)).isEmpty();
    }

    @Test
    void aSlowApiServerLeavesHalfOfTheTime() {
        api.gate = new CountDownLatch(1);
        Deadline deadline = Deadline.in(Duration.ofSeconds(2));
        Keyring keyring = secrets.keyringOf(pod("a", "sa", "one"), deadline).join();
        assertThat(keyring.complete()).isFalse();
        assertThat(keyring.notes()).containsExactly("pull secret \"one\" in namespace \"a\" was not read in time");
    }

    @Test
    void moreSecretsThanAnyoneHasAreNotAllRead() {
        String[] names = new String[1_000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "s" + i;
        }
        Keyring keyring = keyring(pod("a", "sa", names));
        assertThat(api.asked).hasSizeLessThanOrEqualTo(64);
        assertThat(keyring.complete()).isFalse();
    }

    @Test
    void theGlobalSecretServesAllNamespacesAfterTheirOwn() {
        api.secret("stowage", "global", "{\"auths\":{\"example.com\":{\"identitytoken\":\"t\"}}}");
        api.secret("a", "one", "example.com", "u1");
        use(new PullSecrets.Settings(true, Optional.of(ObjectName.parse("stowage/global")), Duration.ofMinutes(1)));
        assertThat(credentials(keyring(pod("a", "sa", "one"))))
                .containsExactly(new Credential("u1", "p"), Credential.identityToken("t"));
        assertThat(credentials(keyring(pod("b", "sa")))).containsExactly(Credential.identityToken("t"));
    }

    @Test
    void aGlobalSecretThatIsBrokenOrMissingFailsNoPullButIsNoted() {
        PullSecrets.Settings settings =
                new PullSecrets.Settings(true, Optional.of(new ObjectName("stowage", "global")), Duration.ofMinutes(1));
        use(settings);
        api.secret("a", "one", "example.com", "u1");
        Keyring missing = keyring(pod("a", "sa", "one"));
        assertThat(users(missing)).containsExactly("u1");
        assertThat(missing.notes()).containsExactly("the global pull secret \"stowage/global\" does not exist");
        api.secret("stowage", "global", "{");
        use(settings);
        Keyring broken = keyring(pod("a", "sa", "one"));
        assertThat(users(broken)).containsExactly("u1");
        assertThat(broken.notes())
                .containsExactly("the global pull secret \"stowage/global\" is malformed: it is not valid JSON");
    }

    @Test
    void readingCanBeSwitchedOffAndTheGlobalSecretStillServes() {
        api.secret("stowage", "global", "example.com", "global").secret("a", "one", "example.com", "u1");
        use(new PullSecrets.Settings(false, Optional.of(new ObjectName("stowage", "global")), Duration.ofMinutes(1)));
        Keyring keyring = keyring(pod("a", "sa", "one"));
        assertThat(users(keyring)).containsExactly("global");
        assertThat(keyring.complete()).isFalse();
        assertThat(keyring.notes()).containsExactly("Stowage is configured not to read pull secrets");
        assertThat(api.asked).containsExactly(new ObjectName("stowage", "global"));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "x", "/x", "x/", "a/b/c", "A/b", "a/../b"})
    void aGlobalSecretIsNamedInFull(String text) {
        assertThatThrownBy(() -> ObjectName.parse(text)).hasMessageContaining("is not of the form namespace/name");
    }

    private void use(PullSecrets.Settings settings) {
        secrets.close();
        secrets = source(settings);
    }

    private PullSecrets source(PullSecrets.Settings settings) {
        return new PullSecrets(api, settings, CredentialProvider.NONE, CredentialProvider.NONE, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Keyring keyring(Workload workload) {
        return secrets.keyringOf(workload, soon()).join();
    }

    private List<String> users(Workload workload) {
        return users(keyring(workload));
    }

    private static List<String> users(Keyring keyring) {
        return credentials(keyring).stream().map(Credential::username).toList();
    }

    private static List<Credential> credentials(Keyring keyring) {
        return access(keyring).fold(ReadCredentials::credentials, failure -> {
            throw new AssertionError(failure.reason());
        });
    }

    private static String identity(Keyring keyring) {
        return access(keyring).fold(ReadCredentials::identity, failure -> "failed");
    }

    private static RegistryResult<ReadCredentials> access(Keyring keyring) {
        return keyring.credentialsFor(APP, soon()).join();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
