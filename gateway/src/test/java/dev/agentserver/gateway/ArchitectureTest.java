package dev.agentserver.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The gateway's layers, and what it must not know.
class ArchitectureTest {
  private static final int MOST_LINES = 400;
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.agentserver.gateway");

  private static final List<ArchRule> RULES =
      List.of(
          slices().matching("dev.agentserver.gateway.(*)..").should().beFreeOfCycles(),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.agentserver.gateway.auth")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("dev.agentserver.conversation..", "dev.agentserver.settings..")
              .because("the gateway knows no service by name, but for the exchange of keys"),
          noClasses()
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("java.sql..", "org.jooq..", "dev.agentserver.kit.db..")
              .because("the gateway has no database"),
          noClasses()
              .that()
              .resideInAPackage("dev.agentserver.gateway.transcode..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("com.linecorp.armeria..", "io.grpc..")
              .because("transcoding is a matter of bytes, whoever carries them"),
          noClasses()
              .that()
              .doNotHaveSimpleName("Wiring")
              .should()
              .callMethod(Instant.class, "now")
              .orShould()
              .callMethod(UUID.class, "randomUUID")
              .because("clocks and ids are handed in"),
          noClasses()
              .should()
              .callMethod(System.class, "getenv")
              .orShould()
              .callMethod(System.class, "getenv", String.class)
              .because("configuration is read in one place"));

  @Test
  void theLayersHold() {
    RULES.forEach(rule -> rule.check(CLASSES));
  }

  @Test
  void filesAreShort() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      for (var file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(MOST_LINES);
      }
    }
  }
}
