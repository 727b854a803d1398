package org.pushjobs.zmtp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The protocol is computation on bytes; only the outer package knows sockets. */
@AnalyzeClasses(packages = "org.pushjobs.zmtp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesBuildOnEachOther = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("sockets")
            .definedBy("org.pushjobs.zmtp")
            .layer("handshake")
            .definedBy("org.pushjobs.zmtp.handshake")
            .layer("wire")
            .definedBy("org.pushjobs.zmtp.wire")
            .layer("nacl")
            .definedBy("org.pushjobs.zmtp.nacl")
            .whereLayer("sockets")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("handshake")
            .mayOnlyBeAccessedByLayers("sockets")
            .whereLayer("wire")
            .mayOnlyBeAccessedByLayers("sockets", "handshake")
            .whereLayer("nacl")
            .mayOnlyBeAccessedByLayers("sockets", "handshake");

    @ArchTest
    static final ArchRule decodersKnowNoSockets = noClasses()
            .that()
            .resideInAnyPackage("org.pushjobs.zmtp.wire", "org.pushjobs.zmtp.handshake", "org.pushjobs.zmtp.nacl")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..", "java.net..", "java.nio.channels..");

    @ArchTest
    static final ArchRule otherModulesAreNotKnown = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.pushjobs.protocol..", "org.pushjobs.server..", "org.pushjobs.agent..");
}
