package dev.agentserver.kit.test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;

/// The layers of a service, as every service's `ArchitectureTest` checks them.
public final class HouseRules {
  private static final DescribedPredicate<JavaClass> GENERATED =
      new DescribedPredicate<>("generated") {
        private final Pattern contracts = Pattern.compile("dev\\.agentserver\\.\\w+\\.v1(\\..*)?");
        private final Pattern tables =
            Pattern.compile("dev\\.agentserver\\.\\w+\\.db(\\.tables.*)?");

        @Override
        public boolean test(JavaClass type) {
          return contracts.matcher(type.getPackageName()).matches()
              || tables.matcher(type.getPackageName()).matches();
        }
      };

  private HouseRules() {}

  /// Fails with every breach found in these classes.
  public static void check(JavaClasses classes) {
    var own = classes.that(DescribedPredicate.not(GENERATED));
    rules().forEach(rule -> rule.allowEmptyShould(true).check(own));
  }

  private static List<ArchRule> rules() {
    return List.of(
        noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Rpc")
            .and()
            .haveSimpleNameNotEndingWith("Proto")
            .and()
            .haveSimpleNameNotContaining("ProtoText")
            .and()
            .haveSimpleNameNotEndingWith("Wiring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
            .because("protobuf and gRPC stay at the edge"),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Store")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.agentserver..v1")
            .because("contracts never reach a store"),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Rpc")
            .should()
            .dependOnClassesThat(are(simpleNameEndingWith("Store")))
            .because("an Rpc class translates; the domain class asks the store"),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Rpc")
            .or()
            .haveSimpleNameEndingWith("Proto")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jooq..", "java.sql..")
            .because("SQL stays in the stores"),
        noClasses()
            .should()
            .callMethod(org.jooq.impl.DSL.class, "sql", String.class)
            .orShould()
            .callMethod(org.jooq.impl.DSL.class, "field", String.class)
            .orShould()
            .callMethod(org.jooq.impl.DSL.class, "condition", String.class)
            .because("SQL is typed"),
        noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Wiring")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callConstructor(Random.class)
            .because("clocks and ids are handed in"),
        noClasses()
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .because("configuration is read in one place"),
        slices().matching("dev.agentserver.*.(*)..").should().beFreeOfCycles());
  }
}
