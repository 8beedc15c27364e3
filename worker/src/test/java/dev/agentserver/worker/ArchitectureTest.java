package dev.agentserver.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The library is a client: it stands on the contracts and on gRPC alone.
class ArchitectureTest {
  private static final int MOST_LINES = 400;
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  private static final List<ArchRule> RULES =
      List.of(
          classes()
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(
                  "dev.agentserver.worker..",
                  "dev.agentserver.*.v1",
                  "io.grpc..",
                  "com.google.protobuf..",
                  "com.google.rpc..",
                  "java..",
                  "org.jspecify.."),
          noClasses()
              .that()
              .resideInAPackage("dev.agentserver.worker")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.agentserver.worker.reference")
              .because("the library knows nothing of who uses it"));

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
