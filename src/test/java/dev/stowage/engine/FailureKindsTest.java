package dev.stowage.engine;

import static dev.stowage.testing.FakeRegistryAnswer.endless;
import static dev.stowage.testing.FakeRegistryAnswer.ok;
import static dev.stowage.testing.FakeRegistryAnswer.silence;
import static dev.stowage.testing.FakeRegistryAnswer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.SampleImages;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryRule;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of failure on its way from the registry through the whole engine to the words that a user reads. */
class FailureKindsTest {

    private final FakeRegistry fake = new FakeRegistry();

    /**
     * A kind of failure.
     *
     * @param happens what the registry does; or what is configured, as the rule that is returned
     * @param verdict what is checked
     * @param says what the user reads next to the image's name; {@code HOST} stands for the registry's
     */
    private record Row(Kind kind, Happening happens, String verdict, Reason reason, String says) {
        @Override
        public String toString() {
            return kind.label();
        }
    }

    @FunctionalInterface
    private interface Happening {
        RegistryRule at(FakeRegistry registry, RegistryRule rule);
    }

    static List<Row> kinds() {
        return List.of(
                new Row(
                        Kind.NOT_FOUND,
                        (fake, rule) -> rule,
                        "DoesNotRun",
                        Reason.NOT_FOUND,
                        "does not exist (yet): HOST has no such tag, or no such repository (MANIFEST_UNKNOWN)"),
                new Row(
                        Kind.UNAUTHORIZED,
                        answering(status(401).header("WWW-Authenticate", "Basic realm=\"r\"")),
                        "Undetermined",
                        Reason.UNAUTHORIZED,
                        "could not be checked: it does not exist or needs credentials: HOST returned 401"),
                new Row(
                        Kind.FORBIDDEN,
                        answering(status(403).error("DENIED", "the secret is s3cret")),
                        "Undetermined",
                        Reason.FORBIDDEN,
                        "could not be checked: it does not exist or these credentials may not read it: HOST returned 403"
                                + " (DENIED)"),
                new Row(
                        Kind.RATE_LIMITED,
                        answering(status(429).header("Retry-After", "7")),
                        "Undetermined",
                        Reason.RATE_LIMITED,
                        "could not be checked: HOST is rate limiting (429); credentials may raise the limit; next request in"
                                + " 7 s"),
                new Row(
                        Kind.UNAVAILABLE,
                        (fake, rule) -> {
                            fake.close();
                            return rule;
                        },
                        "Undetermined",
                        Reason.UNAVAILABLE,
                        "could not be checked: connection refused by HOST: check that the registry runs there, and the"
                                + " port"),
                new Row(
                        Kind.TIMEOUT,
                        (fake, rule) -> {
                            fake.on(".*", silence());
                            return rule.withTimeout(Duration.ofMillis(200));
                        },
                        "Undetermined",
                        Reason.TIMEOUT,
                        "could not be checked: HOST did not respond within 200 ms"),
                new Row(
                        Kind.INVALID,
                        answering(ok("text/html", "<html>s3cret".getBytes(StandardCharsets.UTF_8))),
                        "DoesNotRun",
                        Reason.INVALID,
                        "cannot run on any node: HOST sent something that is not a JSON object, perhaps a login or proxy"
                                + " page"),
                new Row(
                        Kind.TOO_LARGE,
                        answering(endless(MediaTypes.OCI_INDEX)),
                        "DoesNotRun",
                        Reason.TOO_LARGE,
                        "cannot run on any node: it is larger than 4393216 bytes, which is more than a node accepts"),
                new Row(
                        Kind.NOT_AN_IMAGE,
                        (fake, rule) -> {
                            new SampleImages(fake.store("team/app")).chart("v1");
                            return rule;
                        },
                        "DoesNotRun",
                        Reason.NOT_AN_IMAGE,
                        "cannot run on any node: it is a Helm chart, not an image"),
                new Row(
                        Kind.REFUSED,
                        (fake, rule) -> rule.blocking(),
                        "Undetermined",
                        Reason.REFUSED,
                        "could not be checked: HOST is blocked by this configuration (registries.HOST.blocked)"));
    }

    private static Happening answering(Handler answer) {
        return (fake, rule) -> {
            fake.on(".*", answer);
            return rule;
        };
    }

    @AfterEach
    void end() {
        fake.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void everyKindIsJudgedAndSaidAsItShouldBe(Row row) {
        RegistryRule rule = row.happens().at(fake, RegistryRule.of(fake.host()));
        String image = fake.host() + "/team/app:v1";
        try (Reviewing reviewing = new Reviewing(Keyring.ANONYMOUS, settings -> settings.withRules(rule))) {

            String said = reviewing.said(image);

            assertThat(said)
                    .contains("container \"app\": image " + image + " "
                            + row.says().replace("HOST", fake.host()))
                    .doesNotContain("s3cret");
            assertThat(verdicts(reviewing)).isNotEmpty().allSatisfy(verdict -> {
                assertThat(verdict.label()).isEqualTo(row.verdict());
                assertThat(verdict.reason()).isEqualTo(row.reason());
            });
        }
    }

    @Test
    void theTableHasEveryKind() {
        assertThat(kinds()).extracting(Row::kind).containsExactly(Kind.values());
        assertThat(kinds()).allSatisfy(row -> assertThat(row.verdict().equals("Undetermined"))
                .isEqualTo(row.kind().undetermined()));
    }

    private static List<Verdict> verdicts(Reviewing reviewing) {
        return reviewing.outcomes.get(0).policy().get(0).assessment().findings().stream()
                .flatMap(finding -> finding.assessment().verdicts().values().stream())
                .toList();
    }
}
