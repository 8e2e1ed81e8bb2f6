package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All of Stowage with exactly the rights that the chart grants, and with each single one taken away, on a real API server. */
@RequiresApiServer
class EachPermissionIT {

    private static final Pattern NAMED = Pattern.compile("\"[a-z]+\" on \"[a-z/]+\"");

    /** Without these a replica knows too little, or nobody could trust it: it answers, and is not ready. */
    private static final Set<String> NOT_READY = Set.of(
            "\"list\" on \"nodes\"",
            "\"list\" on \"namespaces\"",
            "\"get\" on \"secrets\" at home",
            "\"create\" on \"secrets\" at home",
            "\"update\" on \"secrets\" at home");

    private ApiServer server;

    @BeforeEach
    void server() {
        server = ApiServer.shared();
    }

    static Stream<GrantedPermission> everywhere() {
        return GrantedPermission.of(PermissionsStage.READING_PULL_SECRETS, GrantedPermission.EVERYWHERE);
    }

    /** Where no permission to secrets everywhere hides that one at home is missing. */
    static Stream<GrantedPermission> atHome() {
        return GrantedPermission.of(PermissionsStage.NOT_READING_PULL_SECRETS, GrantedPermission.AT_HOME);
    }

    static Stream<GrantedPermission> inPublic() {
        return GrantedPermission.of(PermissionsStage.NOT_READING_PULL_SECRETS, GrantedPermission.IN_PUBLIC);
    }

    @Test
    @DisplayName("the rights of the chart suffice: nothing is missing, all is ready, a report and an event are written")
    void allOfThem() throws Exception {
        try (PermissionsStage stage = new PermissionsStage(server, PermissionsStage.READING_PULL_SECRETS, Set.of())) {
            stage.start();
            stage.await("ready", stage::isReady);
            stage.await("a report and an event", () -> stage.reportIsWritten() && stage.eventIsWritten());
            stage.await("nothing unused left", stage::unusedReportIsGone);
            assertThat(stage.denies()).isTrue();
            stage.asksForLocalRegistry();
            assertThat(stage.said()).noneMatch(line -> line.contains("lacks"));
        }
    }

    @OneKubernetesVersion
    @ParameterizedTest(name = "without {0}")
    @MethodSource("everywhere")
    @DisplayName("each permission everywhere, taken away, is named; reviews are answered, and the rest works")
    void withoutOneEverywhere(GrantedPermission right) throws Exception {
        missing(PermissionsStage.READING_PULL_SECRETS, right);
    }

    @OneKubernetesVersion
    @ParameterizedTest(name = "without {0}")
    @MethodSource("atHome")
    @DisplayName("each permission at home, taken away, is named; reviews are answered, and the rest works")
    void withoutOneAtHome(GrantedPermission right) throws Exception {
        missing(PermissionsStage.NOT_READING_PULL_SECRETS, right);
    }

    @OneKubernetesVersion
    @ParameterizedTest(name = "without {0}")
    @MethodSource("inPublic")
    @DisplayName("the permission in kube-public, taken away, is named when it is needed; the rest works")
    void withoutOneInPublic(GrantedPermission right) throws Exception {
        missing(PermissionsStage.NOT_READING_PULL_SECRETS, right);
    }

    private void missing(Chart chart, GrantedPermission right) throws Exception {
        String named = "\"" + right.right().verb() + "\" on \"" + right.right().resource() + "\"";
        try (PermissionsStage stage = new PermissionsStage(server, chart, Set.of(right))) {
            stage.start();
            boolean knowsNodes = !named.equals("\"list\" on \"nodes\"");
            stage.await("the right verdict", () -> stage.denies() == knowsNodes && stage.admits());
            stage.asksForLocalRegistry();

            stage.await(named + " to be named", () -> stage.said().stream().anyMatch(line -> line.contains(named)));

            if (NOT_READY.contains(right.toString())) {
                assertThat(stage.isReady()).isFalse();
            } else {
                stage.await("ready", stage::isReady);
            }
            assertThat(named(stage)).containsExactly(named);
            assertThat(stage.denies()).isEqualTo(knowsNodes);
            assertThat(stage.said().stream().filter(line -> line.contains(named)))
                    .as("once a minute, not once a try")
                    .hasSizeLessThan(5);
        }
    }

    private static Set<String> named(PermissionsStage stage) {
        return stage.said().stream()
                .flatMap(line -> NAMED.matcher(line).results())
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
