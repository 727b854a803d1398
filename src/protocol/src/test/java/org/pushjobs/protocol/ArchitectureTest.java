package org.pushjobs.protocol;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.time.Clock;
import java.time.Instant;

/** The protocol is computation only: no sockets, files or clock of its own, and none of the other modules. */
@AnalyzeClasses(packages = "org.pushjobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheJdkJacksonAndBouncyCastleAreUsed = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "org.pushjobs.protocol..",
                    "java.io",
                    "java.lang..",
                    "java.math",
                    "java.nio",
                    "java.nio.charset",
                    "java.security..",
                    "java.time..",
                    "java.util",
                    "java.util.concurrent.atomic",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "javax.crypto..",
                    "com.fasterxml.jackson..",
                    "org.bouncycastle.."))
            .because("the protocol does no I/O and knows neither Vert.x nor ZeroMQ (architecture.md, modules)");

    @ArchTest
    static final ArchRule noFileIsTouched = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(File|RandomAccessFile).*")
            .orShould()
            .accessClassesThat()
            .areAssignableTo(File.class);

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule nothingChangesAfterItsConstruction =
            fields().should().beFinal().because("everything here is used from any thread");

    @ArchTest
    static final ArchRule messagesKnowNothingOfTheWayTheyTravel = classes()
            .that()
            .resideInAPackage("..protocol.message")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("..protocol.message", "java.lang..", "java.time", "java.util"));

    @ArchTest
    static final ArchRule requestsAndMessagesAreSignedApart = noClasses()
            .that()
            .resideInAPackage("..protocol.request")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..protocol.codec", "..protocol.config", "..protocol.message", "..protocol.signing");
}
