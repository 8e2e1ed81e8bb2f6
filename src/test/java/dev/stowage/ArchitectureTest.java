package dev.stowage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the layers, and where the Kubernetes client, the Java Operator SDK and Quarkus may be used. */
@AnalyzeClasses(packages = "dev.stowage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] ENGINE = {
        "dev.stowage.async..",
        "dev.stowage.attestation..",
        "dev.stowage.image..",
        "dev.stowage.json..",
        "dev.stowage.platform..",
        "dev.stowage.oci..",
        "dev.stowage.registry..",
        "dev.stowage.resolve..",
        "dev.stowage.verdict..",
        "dev.stowage.node..",
        "dev.stowage.workload..",
        "dev.stowage.assessment..",
        "dev.stowage.policy..",
        "dev.stowage.steering..",
        "dev.stowage.message..",
        "dev.stowage.text.."
    };

    private static final String[] FRAMEWORKS = {
        "io.fabric8..", "io.javaoperatorsdk..", "io.quarkus..", "io.vertx..", "io.smallrye..", "jakarta..", "picocli.."
    };

    @ArchTest
    static final ArchRule THE_ENGINE_USES_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FRAMEWORKS);

    @ArchTest
    static final ArchRule THE_ENGINE_DEPENDS_ON_NOTHING_ABOVE_IT = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.stowage.admission..",
                    "dev.stowage.cli..",
                    "dev.stowage.cluster..",
                    "dev.stowage.config..",
                    "dev.stowage.kube..",
                    "dev.stowage.report..",
                    "dev.stowage.serve..",
                    "dev.stowage.tls..");

    @ArchTest
    static final ArchRule REFERENCES_AND_PLATFORMS_DEPEND_ON_NOTHING = classes()
            .that()
            .resideInAnyPackage("dev.stowage.image..", "dev.stowage.platform..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.stowage.image..", "dev.stowage.platform..");

    @ArchTest
    static final ArchRule NODES_AND_WORKLOADS_DEPEND_ON_NO_REGISTRY = noClasses()
            .that()
            .resideInAnyPackage("dev.stowage.node..", "dev.stowage.workload..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.stowage.oci..", "dev.stowage.registry..", "dev.stowage.resolve..", "dev.stowage.verdict..");

    @ArchTest
    static final ArchRule REGISTRIES_DO_NOT_JUDGE = noClasses()
            .that()
            .resideInAnyPackage("dev.stowage.registry..", "dev.stowage.oci..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.stowage.resolve..", "dev.stowage.verdict..", "dev.stowage.assessment..");

    @ArchTest
    static final ArchRule ATTESTATIONS_ARE_SHOWN_AND_NEVER_USED_FOR_ADMISSION = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.stowage.attestation..", "dev.stowage.cli.inspect..", "dev.stowage.cli.output..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.stowage.attestation..");

    @ArchTest
    static final ArchRule ONLY_MERGE_WRITES_TO_REGISTRIES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.stowage.registry.push..", "dev.stowage.cli.merge..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.stowage.registry.push..");

    @ArchTest
    static final ArchRule WHAT_RUNS_IN_A_CLUSTER_CANNOT_WRITE_TO_REGISTRIES = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.stowage.serve..", "dev.stowage.admission..", "dev.stowage.report..", "dev.stowage.engine..")
            .should()
            .transitivelyDependOnClassesThat()
            .resideInAPackage("dev.stowage.registry.push..");

    @ArchTest
    static final ArchRule ONLY_THE_ENDPOINT_OF_ADMISSION_KNOWS_A_SERVER = noClasses()
            .that()
            .resideInAPackage("dev.stowage.admission..")
            .and()
            .haveNameNotMatching(".*\\.AdmissionEndpoint(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FRAMEWORKS)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("dev.stowage.cluster..");

    @ArchTest
    static final ArchRule THE_KUBERNETES_CLIENT_IS_USED_AT_THE_EDGE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.stowage.kube..",
                    "dev.stowage.cluster..",
                    "dev.stowage.cli.cluster..",
                    "dev.stowage.cli.probe..",
                    "dev.stowage.cli.report..",
                    "dev.stowage.report",
                    "dev.stowage.report.api..",
                    "dev.stowage.report.export..",
                    "dev.stowage.report.summary..",
                    "dev.stowage.report.write..",
                    "dev.stowage.tls.managed..",
                    "dev.stowage.serve..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..");

    @ArchTest
    static final ArchRule THE_OPERATOR_SDK_IS_USED_BY_THE_OPERATOR = noClasses()
            .that()
            .resideOutsideOfPackages("dev.stowage.report", "dev.stowage.report.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule THE_SERVER_IS_USED_BY_SERVE = noClasses()
            .that()
            .resideOutsideOfPackages("dev.stowage.serve..", "dev.stowage.cli..", "dev.stowage.config..")
            .and()
            .haveNameNotMatching(".*\\.AdmissionEndpoint(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "io.vertx..", "jakarta..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES_AT_ANY_DEPTH =
            slices().matching("dev.stowage.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FEATURES_HAVE_NO_CYCLES =
            slices().matching("dev.stowage.(*)..").should().beFreeOfCycles();
}
