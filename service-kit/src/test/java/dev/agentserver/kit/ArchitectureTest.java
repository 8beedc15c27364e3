package dev.agentserver.kit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The kit is where some rules of the services end, because gRPC and PostgreSQL are met here. The
/// others hold all the same.
class ArchitectureTest {
  private static JavaClasses kit;

  /// All but the generated tables.
  @BeforeAll
  static void read() {
    kit =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/kit/db/tables/"))
            .importPath(Path.of("target", "classes"));
  }

  @Test
  void packagesDoNotNeedEachOther() {
    slices().matching("dev.agentserver.kit.(*)..").should().beFreeOfCycles().check(kit);
  }

  @Test
  void whatIsNotAboutCallsKnowsNothingOfThem() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..kit.audit..",
            "..kit.cancel..",
            "..kit.config..",
            "..kit.eventlog..",
            "..kit.problem..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
        .check(kit);
  }

  @Test
  void aProblemNeedsNothing() {
    classes()
        .that()
        .resideInAPackage("..kit.problem..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "..kit.problem..")
        .check(kit);
  }

  @Test
  void clocksAndIdsAreHandedIn() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .check(kit);
  }

  @Test
  void sqlIsTyped() {
    noClasses()
        .should()
        .callMethod(org.jooq.impl.DSL.class, "sql", String.class)
        .orShould()
        .callMethod(org.jooq.impl.DSL.class, "field", String.class)
        .orShould()
        .callMethod(org.jooq.impl.DSL.class, "condition", String.class)
        .check(kit);
  }
}
