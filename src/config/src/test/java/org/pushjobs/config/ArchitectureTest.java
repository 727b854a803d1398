package org.pushjobs.config;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What configures a server loads this without anything that a server runs on. */
@AnalyzeClasses(packages = "org.pushjobs.config", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nothingOfTheServersEngineIsUsed = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "org.pushjobs.config..",
                    "org.pushjobs.platform.text",
                    "org.pushjobs.protocol..",
                    "java..",
                    "com.fasterxml.jackson..",
                    "org.bouncycastle..",
                    "org.slf4j.event"));

    @ArchTest
    static final ArchRule settingsDoNotKnowWhereTheyComeFrom = classes()
            .that()
            .resideInAPackage("org.pushjobs.config")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("org.pushjobs.config", "org.pushjobs.protocol..", "java.."));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.pushjobs.config.(*)..").should().beFreeOfCycles();
}
