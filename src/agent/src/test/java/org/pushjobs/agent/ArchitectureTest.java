package org.pushjobs.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The way of dependencies: whitelist ← settings ← execution ← job ← link ← the program. */
@AnalyzeClasses(packages = "org.pushjobs.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesDependOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("program")
            .definedBy("org.pushjobs.agent")
            .layer("link")
            .definedBy("org.pushjobs.agent.link")
            .layer("job")
            .definedBy("org.pushjobs.agent.job")
            .layer("execution")
            .definedBy("org.pushjobs.agent.execution")
            .layer("whitelist")
            .definedBy("org.pushjobs.agent.whitelist")
            .layer("settings")
            .definedBy("org.pushjobs.agent.settings")
            .whereLayer("program")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("link")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("job")
            .mayOnlyBeAccessedByLayers("link")
            .whereLayer("execution")
            .mayOnlyBeAccessedByLayers("job", "link")
            .whereLayer("settings")
            .mayOnlyBeAccessedByLayers("execution", "link", "program")
            .whereLayer("whitelist")
            .mayOnlyBeAccessedByLayers("settings", "execution", "program");

    @ArchTest
    static final ArchRule onlyTheWhitelistKnowsTheExpressionEngine = noClasses()
            .that()
            .resideOutsideOfPackage("org.pushjobs.agent.whitelist")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.joni..", "org.jcodings..");

    @ArchTest
    static final ArchRule onlyLinkAndTheAgentKnowJeroMq = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.pushjobs.agent.job",
                    "org.pushjobs.agent.execution",
                    "org.pushjobs.agent.settings",
                    "org.pushjobs.agent.whitelist")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.zeromq..", "zmq..");

    @ArchTest
    static final ArchRule serversAreAskedByTheSharedClient =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.net.http.HttpClient");

    @ArchTest
    static final ArchRule onlyTheProgramExitsTheProcess = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.pushjobs.agent.PushJobsClient")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class);
}
