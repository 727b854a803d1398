package org.pushjobs.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of docs/architecture.md about who may know whom. */
@AnalyzeClasses(packages = "org.pushjobs.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BASE = "org.pushjobs.server.";

    @ArchTest
    static final ArchRule requestsGoFromApiToJobsToNodesToGateway = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy(BASE + "api..")
            .layer("feeds")
            .definedBy(BASE + "feeds..")
            .layer("jobs")
            .definedBy(BASE + "jobs..")
            .layer("nodes")
            .definedBy(BASE + "nodes..")
            .layer("gateway")
            .definedBy(BASE + "gateway..")
            .layer("store")
            .definedBy(BASE + "store..")
            .whereLayer("api")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("feeds")
            .mayOnlyBeAccessedByLayers("api")
            .whereLayer("jobs")
            .mayOnlyBeAccessedByLayers("api", "feeds")
            .whereLayer("nodes")
            .mayOnlyBeAccessedByLayers("api", "jobs")
            .whereLayer("gateway")
            .mayOnlyBeAccessedByLayers("api", "jobs", "nodes")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("api", "feeds", "jobs", "nodes", "gateway");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(BASE + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheGatewaySpeaksZeroMq = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + "gateway..", BASE + "metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.pushjobs.zmtp", "org.pushjobs.zmtp.wire..", "org.pushjobs.zmtp.handshake..");

    @ArchTest
    static final ArchRule onlyTheStoreKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + "store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.pgclient..", "java.sql..", "org.pushjobs.schema..", "io.zonky..");

    @ArchTest
    static final ArchRule stateMachinesDoNoInputOrOutput = noClasses()
            .that()
            .haveSimpleName("JobMachine")
            .or()
            .haveSimpleName("NodeSession")
            .or()
            .haveSimpleName("HeartbeatHealth")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "java.time..", "java.io..", "java.nio..", "java.net..", "org.slf4j..");

    @ArchTest
    static final ArchRule onlyTheMainClassExits = noClasses()
            .that()
            .doNotHaveSimpleName("PushJobsServer")
            .should()
            .callMethod(System.class, "exit", int.class);
}
