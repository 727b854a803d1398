package org.pushjobs.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.Set;

/** The rules of docs/architecture.md about who may know whom. */
@AnalyzeClasses(packages = "org.pushjobs.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BASE = "org.pushjobs.server.";
    private static final String MODEL = BASE + "jobs.model..";
    private static final String MACHINE = BASE + "jobs.machine..";

    @ArchTest
    static final ArchRule requestsGoFromApiToJobsToNodesToGateway = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy(BASE + "api..")
            .layer("feeds")
            .definedBy(BASE + "feeds..")
            .layer("jobs")
            .definedBy(resideInAPackage(BASE + "jobs..").and(resideOutsideOfPackages(MODEL, MACHINE)))
            .layer("machine")
            .definedBy(MACHINE)
            .layer("model")
            .definedBy(MODEL)
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
            .whereLayer("machine")
            .mayOnlyBeAccessedByLayers("jobs")
            .whereLayer("machine")
            .mayOnlyAccessLayers("model")
            .whereLayer("nodes")
            .mayOnlyBeAccessedByLayers("api", "jobs")
            .whereLayer("gateway")
            .mayOnlyBeAccessedByLayers("api", "jobs", "nodes")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("api", "feeds", "jobs", "nodes", "gateway")
            .whereLayer("model")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new Packages()).should().beFreeOfCycles();

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
    static final ArchRule onlyTheClusterKnowsHazelcast = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + "cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..", "io.vertx.core.spi.cluster..");

    /** Or each of these processes would load Hazelcast. */
    @ArchTest
    static final ArchRule whoIsAloneLoadsNoHazelcast = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + "cluster..")
            .should()
            .callMethod(Vertx.class, "vertx")
            .orShould()
            .callMethod(Vertx.class, "vertx", VertxOptions.class)
            .orShould()
            .callMethod(VertxBuilder.class, "build");

    @ArchTest
    static final ArchRule stateMachinesDoNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage(MACHINE)
            .or()
            .haveSimpleName("NodeSession")
            .or()
            .haveSimpleName("HeartbeatHealth")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.vertx..",
                            "java.time..",
                            "java.io..",
                            "java.nio..",
                            "java.net..",
                            "java.util.concurrent..",
                            "org.slf4j..",
                            BASE + "store..")
                    .or(equivalentTo(System.class))
                    .or(equivalentTo(Thread.class)));

    @ArchTest
    static final ArchRule onlyTheMainClassExits = noClasses()
            .that()
            .doNotHaveSimpleName("PushJobsServer")
            .should()
            .callMethod(System.class, "exit", int.class);

    /**
     * The packages right below {@code BASE} with all that they hold, but for those of {@code jobs} that others build on: these
     * are slices of their own.
     */
    private static final class Packages implements SliceAssignment {
        private static final Set<String> OWN_SLICES = Set.of("jobs.model", "jobs.machine");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            if (!name.startsWith(BASE)) {
                return SliceIdentifier.ignore();
            }
            String inner = name.substring(BASE.length());
            return SliceIdentifier.of(OWN_SLICES.contains(inner) ? inner : inner.split("\\.")[0]);
        }

        @Override
        public String getDescription() {
            return "packages below " + BASE;
        }
    }
}
