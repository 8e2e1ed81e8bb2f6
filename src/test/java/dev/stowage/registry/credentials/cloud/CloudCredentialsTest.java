package dev.stowage.registry.credentials.cloud;

import static dev.stowage.registry.credentials.cloud.FakeCloud.ask;
import static dev.stowage.registry.credentials.cloud.FakeCloud.repository;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Credential;
import dev.stowage.testing.Await;
import dev.stowage.testing.FakeRegistryAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloudCredentialsTest {

    private static final String[] IMAGES = {FakeAws.IMAGE, "gcr.io/p/a", "contoso.azurecr.io/a"};

    private final FakeCloud cloud = new FakeCloud();
    private CloudCredentials credentials;

    @AfterEach
    void end() {
        credentials.close();
        cloud.close();
    }

    @Test
    void withoutVariablesAndMetadataServiceItIsOff() {
        credentials = cloud.credentials(true, true, true);

        for (String image : IMAGES) {
            assertThat(ask(credentials, image)).isEmpty();
            assertThat(credentials.problem(repository(image))).isEmpty();
            assertThat(credentials.permission(repository(image))).isEmpty();
        }
    }

    @Test
    void aCloudThatIsOffIsNotLookedFor() {
        new FakeAws(cloud).metadata();
        credentials = cloud.credentials(false, true, false);

        assertThat(ask(credentials, FakeAws.IMAGE)).isEmpty();
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void aServersLookUpsDoNotWaitForTheSearch() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        new FakeAws(cloud).metadata().ecr(FakeAws.IRELAND, "eu-west-1", "ecr");
        cloud.service(FakeAws.IMDS + "meta-data/placement/region", (request, line) -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            FakeCloud.ok("eu-west-1").answer(request, line);
        });
        credentials = new CloudCredentials(
                new CloudSettings(true, false, false),
                cloud.environment,
                cloud.http(),
                cloud.clock,
                System::nanoTime,
                false);

        CompletableFuture<List<Credential>> early =
                credentials.credentialsFor(repository(FakeAws.IMAGE), Deadline.in(FakeCloud.LONG));
        assertThat(early).isCompletedWithValue(List.of());
        assertThat(credentials.problem(repository(FakeAws.IMAGE)).orElseThrow())
                .isEqualTo("Stowage has just started and does not know yet whether it has an identity at AWS");
        hold.countDown();
        credentials.detected().join();
        assertThat(ask(credentials, FakeAws.IMAGE)).containsExactly(FakeAws.password(1));
    }

    @Test
    void aThousandPodsMakeOneTokenRequest() {
        new FakeAws(cloud).metadata().ecr(FakeAws.IRELAND, "eu-west-1", "ecr");
        credentials = cloud.credentials(true, false, false);
        List<CompletableFuture<List<Credential>>> lookups = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String account = String.format("%012d", i);
            lookups.add(credentials.credentialsFor(
                    repository(account + ".dkr.ecr.eu-west-1.amazonaws.com/app"), Deadline.in(FakeCloud.LONG)));
        }

        assertThat(lookups).allSatisfy(lookup -> assertThat(lookup.join()).containsExactly(FakeAws.password(1)));
        assertThat(cloud.at(FakeAws.IRELAND + "/")).hasSize(1);
    }

    @Test
    void hoursOfTokensOfAMinutesLifeLeaveNoGapAndAddNoThreads() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        FakeAws aws = new FakeAws(cloud).metadata().ecr(FakeAws.IRELAND, "eu-west-1", "ecr");
        aws.life = Duration.ofMinutes(1);
        credentials = cloud.credentials(true, false, false);
        assertThat(ask(credentials, FakeAws.IMAGE)).containsExactly(FakeAws.password(1));

        for (int round = 2; round <= 300; round++) {
            cloud.clock.travel(Duration.ofSeconds(30));
            credentials.renewDue();
            assertThat(credentials.credentialsFor(repository(FakeAws.IMAGE), Deadline.in(FakeCloud.LONG)))
                    .as("the token of before serves while it is renewed")
                    .isDone();
            Credential renewed = FakeAws.password(round);
            Await.await("the renewal", FakeCloud.LONG, () -> "", () -> ask(credentials, FakeAws.IMAGE)
                    .contains(renewed));
        }

        assertThat(cloud.at(FakeAws.IRELAND + "/")).hasSize(300);
        assertThat(cloud.at(FakeAws.IMDS + "meta-data/iam/security-credentials/node-role"))
                .as("the role's credentials, too, are renewed at half their life")
                .hasSize(5);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(
                        thread -> !before.contains(thread) && thread.getName().startsWith("cloud-credentials"))
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void aSlowServiceLeavesTimeForTheRegistry() {
        new FakeAws(cloud).metadata();
        cloud.service(FakeAws.IRELAND + "/", FakeRegistryAnswer.silence());
        credentials = cloud.credentials(true, false, false);
        Deadline deadline = Deadline.in(Duration.ofMillis(500));

        assertThat(credentials
                        .credentialsFor(repository(FakeAws.IMAGE), deadline)
                        .join())
                .isEmpty();
        assertThat(credentials.problem(repository(FakeAws.IMAGE)).orElseThrow()).contains("AWS has not given");
    }
}
