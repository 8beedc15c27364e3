package dev.agentserver.agentrun.export;

import java.time.ZoneId;
import java.util.List;

/// A row for each line of the ledger, as the FinOps Open Cost and Usage Specification 1.2 has it:
/// its columns in the order of their names, then ours.
///
/// Columns are left out that a provider of models has no use for: of commitments, capacity, sub
/// accounts, resources, zones and other currencies than the one that is billed in.
record FocusFile() implements Format {
  static final List<Column<FocusRow>> COLUMNS =
      List.of(
          Column.exact("BilledCost", FocusRow::cost),
          Column.exact("BillingAccountId", row -> row.event().tenantId()),
          Column.exact("BillingAccountName", _ -> null),
          Column.exact("BillingCurrency", _ -> "USD"),
          Column.exact("BillingPeriodEnd", FocusRow::billingPeriodEnd),
          Column.exact("BillingPeriodStart", FocusRow::billingPeriodStart),
          Column.exact("ChargeCategory", _ -> "Usage"),
          Column.exact("ChargeClass", row -> row.isCorrection() ? "Correction" : null),
          Column.text("ChargeDescription", FocusRow::description),
          Column.exact("ChargeFrequency", _ -> "Usage-Based"),
          Column.exact("ChargePeriodEnd", FocusRow::chargePeriodEnd),
          Column.exact("ChargePeriodStart", FocusRow::chargePeriodStart),
          Column.exact("ConsumedQuantity", FocusRow::consumedQuantity),
          Column.exact("ConsumedUnit", FocusRow::consumedUnit),
          Column.exact("ContractedCost", FocusRow::cost),
          Column.exact("ContractedUnitPrice", FocusRow::unitPrice),
          Column.exact("EffectiveCost", FocusRow::cost),
          Column.exact("InvoiceId", _ -> null),
          Column.text("InvoiceIssuerName", row -> row.event().provider()),
          Column.exact("ListCost", FocusRow::cost),
          Column.exact("ListUnitPrice", FocusRow::unitPrice),
          Column.exact("PricingCategory", _ -> "Standard"),
          Column.exact("PricingQuantity", FocusRow::pricingQuantity),
          Column.exact("PricingUnit", FocusRow::pricingUnit),
          Column.text("ProviderName", row -> row.event().provider()),
          Column.text("PublisherName", FocusRow::publisher),
          Column.text("RegionId", FocusRow::region),
          Column.text("RegionName", FocusRow::region),
          Column.exact("ServiceCategory", _ -> "AI and Machine Learning"),
          Column.text("ServiceName", row -> row.event().provider() + " API"),
          Column.exact("ServiceSubcategory", _ -> "Generative AI"),
          Column.text("SkuId", FocusRow::skuId),
          Column.exact("SkuMeter", row -> row.charge().unit()),
          Column.exact("SkuPriceDetails", FocusRow::skuPriceDetails),
          Column.text("SkuPriceId", FocusRow::skuPriceId),
          Column.exact("Tags", FocusRow::tags),
          Column.exact("x_EventId", row -> row.event().id()),
          Column.number("x_LineNumber", row -> row.charge().number()),
          Column.exact("x_LineKind", row -> row.charge().kind()),
          Column.text("x_Model", row -> row.charge().model()),
          Column.exact("x_OccurredAt", row -> FocusRow.time(row.event().occurredAt())));

  @Override
  public String contentType() {
    return "text/csv; charset=utf-8";
  }

  @Override
  public String ending() {
    return "focus.csv";
  }

  /// Without a byte order mark: what reads it knows that it is UTF-8, and takes the first column by
  /// its name.
  @Override
  public void head(StringBuilder out) {
    Csv.head(COLUMNS, out);
  }

  @Override
  public void rows(Used used, ZoneId zone, StringBuilder out) {
    for (var charge : used.charges()) {
      Csv.row(COLUMNS, new FocusRow(used.event(), charge, zone), out);
    }
  }

  @Override
  public boolean isOfLines() {
    return true;
  }
}
