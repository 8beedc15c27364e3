package dev.agentserver.json;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/// The codec stands on protobuf alone.
class ArchitectureTest {
  private static final int MOST_LINES = 400;
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.agentserver.json");

  private static final List<ArchRule> RULES =
      List.of(
          slices().matching("dev.agentserver.json.(*)..").should().beFreeOfCycles(),
          classes()
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(
                  "dev.agentserver.json..", "com.google.protobuf", "java..", "org.jspecify.."),
          noClasses()
              .that()
              .resideInAPackage("dev.agentserver.json.text")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(
                  "dev.agentserver.json.plan..",
                  "dev.agentserver.json.print..",
                  "dev.agentserver.json.read..")
              .because("text is text, whatever it means"));

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
