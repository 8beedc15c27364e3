package dev.agentserver.file;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.agentserver.kit.test.HouseRules;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theLayersHold() {
    HouseRules.check(new ClassFileImporter().importPath(Path.of("target", "classes")));
  }
}
