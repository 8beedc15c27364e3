package dev.agentserver.agentrun.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/// What version 1.2 of the FinOps Open Cost and Usage Specification says of the columns that we
/// have: type, whether a cell may be null, which values there are, and how columns depend on each
/// other.
final class FocusRules {
  /// The columns that every dataset has.
  static final Set<String> MANDATORY =
      Set.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName");

  private enum Type {
    STRING,
    DECIMAL,
    PRICE,
    TIME,
    PAIRS
  }

  /// @param values what it may be; none: anything
  private record Rule(Type type, boolean nullable, Set<String> values) {}

  /// Half of the last place that a cost is rounded to, and what sixteen places more may lose.
  private static final BigDecimal ROUNDING = new BigDecimal("0.0000000000005000000001");

  private static final Map<String, Rule> RULES = new LinkedHashMap<>();

  static {
    rule(Type.DECIMAL, false, "BilledCost", "ContractedCost", "EffectiveCost", "ListCost");
    rule(Type.DECIMAL, true, "ConsumedQuantity", "PricingQuantity");
    rule(Type.PRICE, true, "ContractedUnitPrice", "ListUnitPrice");
    rule(Type.TIME, false, "BillingPeriodEnd", "BillingPeriodStart");
    rule(Type.TIME, false, "ChargePeriodEnd", "ChargePeriodStart");
    rule(Type.STRING, false, "BillingAccountId", "InvoiceIssuerName", "ProviderName");
    rule(Type.STRING, false, "PublisherName", "ServiceName");
    rule(Type.STRING, true, "BillingAccountName", "ChargeDescription", "ConsumedUnit", "InvoiceId");
    rule(Type.STRING, true, "PricingUnit", "RegionId", "RegionName");
    rule(Type.STRING, true, "SkuId", "SkuMeter", "SkuPriceId");
    rule(Type.PAIRS, true, "SkuPriceDetails", "Tags");
    oneOf("BillingCurrency", false, "USD");
    oneOf("ChargeCategory", false, "Usage", "Purchase", "Tax", "Credit", "Adjustment");
    oneOf("ChargeClass", true, "Correction");
    oneOf("ChargeFrequency", false, "One-Time", "Recurring", "Usage-Based");
    oneOf("PricingCategory", true, "Standard", "Dynamic", "Committed", "Other");
    oneOf("ServiceCategory", false, "AI and Machine Learning");
    oneOf("ServiceSubcategory", false, "Generative AI");
  }

  private FocusRules() {}

  private static void rule(Type type, boolean nullable, String... columns) {
    for (var column : columns) {
      RULES.put(column, new Rule(type, nullable, Set.of()));
    }
  }

  private static void oneOf(String column, boolean nullable, String... values) {
    RULES.put(column, new Rule(Type.STRING, nullable, Set.of(values)));
  }

  static void check(List<String> columns, List<CSVRecord> rows) {
    var own = columns.stream().filter(column -> !column.startsWith("x_")).toList();
    assertThat(own).containsAll(MANDATORY).containsExactlyInAnyOrderElementsOf(RULES.keySet());
    assertThat(columns.subList(0, own.size())).isEqualTo(own).isSorted();
    assertThat(columns).allMatch(column -> column.matches("(x_)?[A-Z][A-Za-z0-9]{1,47}"));
    var skus = new HashMap<String, String>();
    for (var row : rows) {
      assertThat(row.isConsistent()).isTrue();
      RULES.forEach((column, rule) -> cell(column, rule, row.get(column)));
      periods(row);
      amounts(row);
      var sku = row.get("SkuId");
      skus.putIfAbsent(row.get("SkuPriceId"), sku);
      assertThat(skus.get(row.get("SkuPriceId"))).isEqualTo(sku);
      assertThat(row.get("RegionId").isEmpty()).isEqualTo(row.get("RegionName").isEmpty());
    }
  }

  private static void cell(String column, Rule rule, String text) {
    if (text.isEmpty()) {
      assertThat(rule.nullable()).as(column + " may be null").isTrue();
      return;
    }
    assertThat(text).as(column).isNotBlank();
    if (!rule.values().isEmpty()) {
      assertThat(rule.values()).as(column).contains(text);
    }
    switch (rule.type()) {
      case STRING -> {}
      case DECIMAL -> assertThat(text).as(column).matches("-?[0-9]+(\\.[0-9]+)?");
      case PRICE -> assertThat(text).as(column).matches("[0-9]+(\\.[0-9]+)?");
      case TIME ->
          assertThat(text).as(column).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
      case PAIRS -> pairs(column, text);
    }
  }

  private static void pairs(String column, String text) {
    var object = Json.parse(text).orElseThrow();
    assertThat(object.isObject()).as(column).isTrue();
    var prefix = column.equals("Tags") ? "agentserver:" : "x_";
    object
        .properties()
        .forEach(
            pair -> {
              assertThat(pair.getKey()).startsWith(prefix);
              assertThat(pair.getValue().isValueNode()).isTrue();
            });
  }

  private static void periods(CSVRecord row) {
    var start = Instant.parse(row.get("ChargePeriodStart"));
    var end = Instant.parse(row.get("ChargePeriodEnd"));
    assertThat(Instant.parse(row.get("x_OccurredAt"))).isBetween(start, end.minusNanos(1));
    var billed = Instant.parse(row.get("BillingPeriodStart"));
    var until = Instant.parse(row.get("BillingPeriodEnd"));
    assertThat(billed).isBefore(until);
    if (row.get("ChargeClass").isEmpty()) {
      assertThat(Instant.parse(row.get("x_OccurredAt"))).isBetween(billed, until.minusNanos(1));
    } else {
      assertThat(billed).isAfter(start);
      assertThat(row.get("x_LineKind")).isNotEqualTo("CHARGE");
    }
  }

  private static void amounts(CSVRecord row) {
    for (var pair : List.of("List", "Contracted")) {
      assertThat(row.get(pair + "UnitPrice")).isNotEmpty();
      var price = new BigDecimal(row.get(pair + "UnitPrice"));
      var product = price.multiply(new BigDecimal(row.get("PricingQuantity")));
      var cost = new BigDecimal(row.get(pair + "Cost"));
      assertThat(product.subtract(cost).abs()).isLessThanOrEqualTo(ROUNDING);
    }
    for (var pair : List.of("Consumed", "Pricing")) {
      assertThat(row.get(pair + "Quantity")).isNotEmpty();
      assertThat(row.get(pair + "Unit")).matches("([1-9][0-9]* )?[A-Z][a-z]+s");
    }
    for (var column : List.of("SkuId", "SkuMeter", "SkuPriceId", "PricingCategory")) {
      assertThat(row.get(column)).as(column).isNotEmpty();
    }
  }
}
