package dev.agentserver.agentrun.price;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Money and quantities are decimals from end to end.
class NoBinaryNumbersTest {
  private static final List<String> BINARY =
      List.of("double", "float", "java.lang.Double", "java.lang.Float");

  @Test
  void nothingOfUsageAndPricesIsEverADouble() {
    var classes =
        new ClassFileImporter()
            .importPath(Path.of("target", "classes"))
            .that(
                resideInAnyPackage(
                    "dev.agentserver.agentrun.usage..",
                    "dev.agentserver.agentrun.price..",
                    "dev.agentserver.agentrun.ledger.."));
    assertThat(classes).isNotEmpty();
    var binary = classes.stream().flatMap(NoBinaryNumbersTest::binary).toList();
    assertThat(binary).isEmpty();
  }

  /// Where a class holds, takes, answers or calls for one.
  private static Stream<String> binary(JavaClass type) {
    var fields =
        type.getFields().stream()
            .filter(field -> is(field.getRawType()))
            .map(JavaField::getFullName);
    var own =
        type.getCodeUnits().stream()
            .filter(unit -> takesOrAnswers(unit.getRawReturnType(), unit.getRawParameterTypes()))
            .map(JavaCodeUnit::getFullName);
    var called =
        type.getAccessesFromSelf().stream()
            .filter(
                access ->
                    access.getTarget() instanceof CodeUnitCallTarget target
                        && takesOrAnswers(target.getRawReturnType(), target.getRawParameterTypes()))
            .map(access -> access.getDescription());
    return Stream.of(fields, own, called).flatMap(each -> each);
  }

  private static boolean takesOrAnswers(JavaClass answer, List<JavaClass> parameters) {
    return is(answer) || parameters.stream().anyMatch(NoBinaryNumbersTest::is);
  }

  private static boolean is(JavaClass type) {
    return BINARY.contains(type.getName());
  }
}
