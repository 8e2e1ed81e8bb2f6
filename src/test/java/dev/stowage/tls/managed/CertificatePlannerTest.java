package dev.stowage.tls.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.kube.ObjectName;
import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatePlannerTest {

    private static final Predicate<X509Certificate> SETTLED = authority -> true;
    private static final Predicate<X509Certificate> TOO_NEW = authority -> false;
    private static final CertificateSettings SETTINGS =
            settings(List.of("stowage.stowage.svc"), Duration.ofDays(300), Duration.ofDays(90));

    private final TravelClock clock = new TravelClock(Instant.parse("2030-01-01T00:00:00Z"));
    private final CertificatePlanner planner = new CertificatePlanner(SETTINGS, clock);
    private final CertificateSecret whole = next(CertificateSecret.NONE, Optional.empty(), TOO_NEW);

    @Test
    @DisplayName("where there is nothing, authority and certificate are made, and then nothing more")
    void fromNothing() {
        CertificatePlanner.Step made =
                planner.next(CertificateSecret.NONE, Optional.empty(), Optional.empty(), TOO_NEW);
        assertThat(made.newAuthority()).isTrue();
        assertThat(made.newCertificate()).isTrue();
        CertificatePlanner.Step again =
                planner.next(made.content(), Optional.of(made.content()), served(made.content()), TOO_NEW);
        assertThat(again.content().holdsSameAs(made.content())).isTrue();
        assertThat(again.newAuthority() || again.newCertificate()).isFalse();
    }

    @Test
    @DisplayName("a new CA joins the bundle first; it signs only when everybody has had time to see it")
    void authorityOverlaps() {
        clock.travel(Duration.ofDays(190));
        CertificateSecret old = next(whole, Optional.of(whole), SETTLED);
        clock.travel(Duration.ofDays(10));
        CertificateSecret joined = next(old, Optional.of(old), TOO_NEW);
        assertThat(authority(joined)).isNotEqualTo(authority(old));
        assertThat(joined.bundle().certificates()).containsExactly(authority(joined), authority(old));
        assertThat(joined.serving().orElseThrow().certificate())
                .isEqualTo(old.serving().orElseThrow().certificate());
        assertThat(next(joined, Optional.of(joined), TOO_NEW).holdsSameAs(joined))
                .as("waits")
                .isTrue();
        CertificateSecret signed = next(joined, Optional.of(joined), SETTLED);
        assertThat(signed.serving().orElseThrow().isIssuedBy(signed.authority().orElseThrow()))
                .isTrue();
        assertThat(signed.bundle()).as("the old authority stays").isEqualTo(joined.bundle());
        clock.travel(Duration.ofDays(101));
        assertThat(next(signed, Optional.of(signed), SETTLED).bundle().certificates())
                .as("until it ends")
                .containsExactly(authority(joined));
    }

    @Test
    @DisplayName("where nobody can be told of the new authority, the old certificate is served to its end")
    void neverSettled() {
        clock.travel(Duration.ofDays(150));
        CertificateSecret old = next(whole, Optional.of(whole), SETTLED);
        clock.travel(Duration.ofDays(50));
        CertificateSecret joined = next(old, Optional.of(old), TOO_NEW);
        clock.travel(Duration.ofDays(39));
        CertificateSecret late = next(joined, Optional.of(joined), TOO_NEW);
        assertThat(late.holdsSameAs(joined)).isTrue();
        clock.travel(Duration.ofDays(1));
        CertificateSecret ended = next(late, Optional.of(late), TOO_NEW);
        assertThat(ended.serving().orElseThrow().isIssuedBy(ended.authority().orElseThrow()))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"deleted", "empty", "rubbish", "no ca.key", "no tls.key", "no ca.crt", "the key of another"})
    @DisplayName("what a replica remembers repairs the Secret, and nothing changes for anybody")
    void healedFromMemory(String damage) {
        CertificateSecret spoilt = damaged(damage);
        assertThat(spoilt.isWhole()).isFalse();
        CertificatePlanner.Step step = planner.next(spoilt, Optional.of(whole), served(whole), TOO_NEW);
        assertThat(step.content().holdsSameAs(whole)).isTrue();
        assertThat(step.newAuthority() || step.newCertificate()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"deleted", "empty", "rubbish", "no ca.key", "no tls.key", "no ca.crt", "the key of another"})
    @DisplayName("a replica that remembers nothing creates again what is missing")
    void healedWithoutMemory(String damage) {
        CertificateSecret healed = next(damaged(damage), Optional.empty(), TOO_NEW);
        assertThat(healed.isWhole()).isTrue();
        assertThat(planner.isUsable(healed.serving().orElseThrow(), healed.bundle()))
                .isTrue();
        if (damage.equals("no ca.key")) {
            assertThat(healed.serving().orElseThrow().certificate())
                    .as("what can still be served is")
                    .isEqualTo(whole.serving().orElseThrow().certificate());
        }
    }

    @Test
    @DisplayName("another authority is taken over, and the one in use stays trusted")
    void anotherAuthority() {
        CertificateSecret other = next(CertificateSecret.NONE, Optional.empty(), TOO_NEW);
        CertificateSecret taken =
                planner.next(other, Optional.of(whole), served(whole), TOO_NEW).content();
        assertThat(authority(taken)).isEqualTo(authority(other));
        assertThat(taken.bundle().certificates()).containsExactly(authority(other), authority(whole));
    }

    @Test
    @DisplayName("what has expired is created again")
    void expired() {
        clock.travel(Duration.ofDays(1000));
        CertificateSecret renewed = next(whole, Optional.empty(), TOO_NEW);
        assertThat(renewed.bundle().certificates()).containsExactly(authority(renewed));
        assertThat(renewed.serving()
                        .orElseThrow()
                        .isIssuedBy(renewed.authority().orElseThrow()))
                .isTrue();
    }

    @Test
    @DisplayName("a Secret that somebody replaces again and again does not grow without bound")
    void bounded() {
        CertificateSecret all = whole;
        for (int i = 0; i < 20; i++) {
            CertificateSecret other = next(CertificateSecret.NONE, Optional.empty(), TOO_NEW);
            all = planner.next(
                            CertificateSecret.of(
                                    other.authority().orElseThrow(),
                                    other.serving().orElseThrow(),
                                    other.bundle().and(all.bundle())),
                            Optional.of(all),
                            served(all),
                            TOO_NEW)
                    .content();
        }
        assertThat(all.bundle().certificates()).hasSize(8).contains(authority(all));
        assertThat(next(all, Optional.of(all), TOO_NEW).holdsSameAs(all)).isTrue();
    }

    @ParameterizedTest(name = "{0} hours")
    @ValueSource(ints = {-2, 2})
    @DisplayName("two replicas whose clocks are hours apart agree on one Secret")
    void clockSkew(int hours) {
        TravelClock wrong = new TravelClock(clock.instant().plus(Duration.ofHours(hours)));
        CertificatePlanner skewed = new CertificatePlanner(SETTINGS, wrong);
        assertThat(skewed.next(whole, Optional.empty(), Optional.empty(), TOO_NEW)
                        .content()
                        .holdsSameAs(whole))
                .as("takes what the right one made")
                .isTrue();
        CertificateSecret made = skewed.next(CertificateSecret.NONE, Optional.empty(), Optional.empty(), TOO_NEW)
                .content();
        assertThat(next(made, Optional.empty(), TOO_NEW).holdsSameAs(made))
                .as("makes what the right one takes")
                .isTrue();
    }

    @Test
    @DisplayName("replicas of two configurations, as in a roll, agree on a certificate for the names of both")
    void namesOfBoth() {
        CertificatePlanner renamed = new CertificatePlanner(
                settings(List.of("webhook.stowage.svc"), SETTINGS.authorityLife(), SETTINGS.certificateLife()), clock);
        CertificateSecret both =
                renamed.next(whole, Optional.empty(), Optional.empty(), TOO_NEW).content();
        assertThat(both.serving().orElseThrow().names()).containsExactly("stowage.stowage.svc", "webhook.stowage.svc");
        assertThat(next(both, Optional.of(whole), SETTLED).holdsSameAs(both)).isTrue();
        clock.travel(Duration.ofDays(60));
        assertThat(renamed.next(both, Optional.of(both), served(both), SETTLED)
                        .content()
                        .serving()
                        .orElseThrow()
                        .names())
                .as("the old name goes with the next renewal")
                .containsExactly("webhook.stowage.svc");
    }

    @Test
    @DisplayName("an authority has settled when it has stood there long enough without a break")
    void settling() {
        CaBundleRollout rollout = new CaBundleRollout(Duration.ofMinutes(1));
        X509Certificate own = authority(whole);
        rollout.seen(whole.bundle(), clock.instant());
        assertThat(rollout.isSettled(own, clock.instant())).isFalse();
        clock.travel(Duration.ofSeconds(59));
        rollout.seen(CaBundle.EMPTY, clock.instant());
        rollout.seen(whole.bundle(), clock.instant());
        clock.travel(Duration.ofSeconds(59));
        assertThat(rollout.isSettled(own, clock.instant())).isFalse();
        assertThat(rollout.nextSettled(clock.instant()))
                .contains(clock.instant().plusSeconds(1));
        clock.travel(Duration.ofSeconds(1));
        assertThat(rollout.isSettled(own, clock.instant())).isTrue();
        clock.travel(Duration.ofHours(-2));
        rollout.seen(whole.bundle(), clock.instant());
        clock.travel(Duration.ofMinutes(1));
        assertThat(rollout.isSettled(own, clock.instant()))
                .as("after the clock was set back")
                .isTrue();
    }

    @Test
    @DisplayName("no key gets into a log by accident")
    void noKeyInText() {
        assertThat(whole.toString()).doesNotContain("KEY").hasSizeLessThan(100);
    }

    private CertificateSecret next(
            CertificateSecret stored, Optional<CertificateSecret> remembered, Predicate<X509Certificate> settled) {
        return planner.next(stored, remembered, remembered.flatMap(CertificateSecret::serving), settled)
                .content();
    }

    private CertificateSecret damaged(String damage) {
        Map<String, String> data = new HashMap<>(whole.data());
        switch (damage) {
            case "deleted":
                return CertificateSecret.NONE;
            case "empty":
                data.clear();
                break;
            case "rubbish":
                data.replaceAll((key, value) -> "cnViYmlzaA==");
                break;
            case "the key of another":
                CertificateAuthority other = CertificateAuthority.create(clock, Duration.ofDays(1));
                data.put(
                        "tls.key",
                        CertificateSecret.of(
                                        other, other.issue(List.of("x"), clock, Duration.ofHours(1)), CaBundle.EMPTY)
                                .data()
                                .get("tls.key"));
                break;
            default:
                data.remove(damage.substring("no ".length()));
        }
        return CertificateSecret.read(data);
    }

    private static Optional<ServingCertificate> served(CertificateSecret content) {
        return content.serving();
    }

    private static X509Certificate authority(CertificateSecret content) {
        return content.authority().orElseThrow().certificate();
    }

    private static CertificateSettings settings(List<String> names, Duration authority, Duration certificate) {
        return new CertificateSettings(
                new ObjectName("stowage", "stowage-tls"),
                "stowage",
                names,
                authority,
                certificate,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                true,
                false);
    }
}
