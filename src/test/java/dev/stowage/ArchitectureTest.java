package dev.stowage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the direction of dependencies: the engine serves the webhook and the command line because it knows neither. */
@AnalyzeClasses(packages = "dev.stowage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] ENGINE = {
        "dev.stowage.image..",
        "dev.stowage.platform..",
        "dev.stowage.oci..",
        "dev.stowage.registry..",
        "dev.stowage.resolve..",
        "dev.stowage.verdict..",
        "dev.stowage.node..",
        "dev.stowage.workload..",
        "dev.stowage.review..",
        "dev.stowage.policy.."
    };

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_KUBERNETES_CLIENT_AND_NO_SERVER = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fabric8..", "io.javaoperatorsdk..", "io.quarkus..", "io.vertx..", "jakarta..", "picocli..");

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NOTHING_ABOVE_IT = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.stowage.admission..",
                    "dev.stowage.cli..",
                    "dev.stowage.cluster..",
                    "dev.stowage.config..",
                    "dev.stowage.report..",
                    "dev.stowage.serve..",
                    "dev.stowage.tls..");

    @ArchTest
    static final ArchRule REFERENCES_AND_PLATFORMS_STAND_ALONE = classes()
            .that()
            .resideInAnyPackage("dev.stowage.image..", "dev.stowage.platform..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "dev.stowage.image..", "dev.stowage.platform..");

    @ArchTest
    static final ArchRule NODES_AND_WORKLOADS_KNOW_NO_REGISTRY = noClasses()
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
            .resideInAnyPackage("dev.stowage.resolve..", "dev.stowage.verdict..", "dev.stowage.review..");

    @ArchTest
    static final ArchRule DECIDING_ADMISSION_NEEDS_NO_CLUSTER_AND_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("dev.stowage.admission..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.quarkus..", "io.vertx..", "dev.stowage.cluster..");

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_DEPEND_ON_EACH_OTHER_IN_CIRCLES =
            slices().matching("dev.stowage.(*)..").should().beFreeOfCycles();
}
