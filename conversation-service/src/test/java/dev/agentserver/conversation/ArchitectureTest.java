package dev.agentserver.conversation;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.agentserver.kit.test.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theLayersHold() {
    HouseRules.check(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.agentserver.conversation"));
  }
}
