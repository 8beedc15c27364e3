package dev.agentserver.agentrun.export;

import dev.agentserver.agentrun.export.Used.Charge;
import dev.agentserver.agentrun.export.Used.Event;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A line of the ledger in the terms of FOCUS.
///
/// A cost that a provider told is the price of one request. What a line takes back has a negative
/// quantity at the same price.
record FocusRow(Event event, Charge charge, ZoneId zone) {
  private static final String TAG = "agentserver:";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  String cost() {
    return Decimals.text(charge.cost());
  }

  /// Whether it changes what a month has cost that was over.
  boolean isCorrection() {
    return !charge.kind().equals("CHARGE") && month(charge.createdAt()).isAfter(used());
  }

  private LocalDate month(Instant instant) {
    return LocalDate.ofInstant(instant, zone).withDayOfMonth(1);
  }

  private LocalDate used() {
    return month(event.occurredAt());
  }

  /// A correction is billed in the month in which it was made.
  private LocalDate billed() {
    return isCorrection() ? month(charge.createdAt()) : used();
  }

  String billingPeriodStart() {
    return time(billed().atStartOfDay(zone).toInstant());
  }

  String billingPeriodEnd() {
    return time(billed().plusMonths(1).atStartOfDay(zone).toInstant());
  }

  /// The hour, by the clock of that time.
  private Instant hour() {
    var offset = zone.getRules().getOffset(event.occurredAt());
    return event.occurredAt().atOffset(offset).truncatedTo(ChronoUnit.HOURS).toInstant();
  }

  String chargePeriodStart() {
    return time(hour());
  }

  String chargePeriodEnd() {
    return time(hour().plus(1, ChronoUnit.HOURS));
  }

  String description() {
    return charge.model() + " " + charge.unit();
  }

  private Unit unit() {
    return Unit.of(charge.unit()).orElseThrow();
  }

  private boolean isReported() {
    return unit() == Unit.PROVIDER_REPORTED;
  }

  private BigDecimal quantity() {
    var one = charge.reversal() ? BigDecimal.ONE.negate() : BigDecimal.ONE;
    return isReported() ? one : charge.quantity();
  }

  /// How many the price is of. What is not whole cannot be told as a unit: the price is then that
  /// of one.
  private BigDecimal per() {
    return isReported() || charge.per().stripTrailingZeros().scale() > 0
        ? BigDecimal.ONE
        : charge.per();
  }

  String consumedQuantity() {
    return Decimals.text(quantity());
  }

  String consumedUnit() {
    return name(unit());
  }

  String pricingQuantity() {
    return Decimals.text(quantity().divide(per(), MathContext.DECIMAL128));
  }

  String pricingUnit() {
    var per = per();
    return per.compareTo(BigDecimal.ONE) == 0
        ? consumedUnit()
        : Decimals.text(per) + " " + consumedUnit();
  }

  String unitPrice() {
    if (isReported()) {
      return Decimals.text(charge.cost().abs());
    }
    var price = charge.unitPrice().multiply(per());
    return Decimals.text(price.divide(charge.per(), MathContext.DECIMAL128));
  }

  /// A router's models are named after who makes them.
  String publisher() {
    var slash = charge.model().indexOf('/');
    return slash > 0 ? charge.model().substring(0, slash) : event.provider();
  }

  @Nullable String region() {
    return event.region().isEmpty() ? null : event.region();
  }

  String skuId() {
    return event.provider() + "/" + charge.model() + "/" + charge.unit();
  }

  String skuPriceId() {
    var version = charge.priceVersionId();
    return version == null ? skuId() : skuId() + "/" + version;
  }

  /// What the price depends on.
  @Nullable String skuPriceDetails() {
    var details = new TreeMap<String, String>();
    put(details, "x_ServiceTier", event.tier());
    put(details, "x_Batch", event.batch() ? "true" : "");
    return charge.priceVersionId() == null || details.isEmpty()
        ? null
        : MetadataJson.write(details);
  }

  @Nullable String tags() {
    var tags = new TreeMap<String, String>();
    put(tags, TAG + "user", event.userId());
    put(tags, TAG + "agent", event.agentId());
    put(tags, TAG + "run", event.runId());
    put(tags, TAG + "session", event.sessionId());
    put(tags, TAG + "conversation", event.conversationId());
    put(tags, TAG + "project", event.projectId());
    put(tags, TAG + "message", event.messageId());
    return tags.isEmpty() ? null : MetadataJson.write(tags);
  }

  private static void put(TreeMap<String, String> pairs, String key, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      pairs.put(key, value.toString());
    }
  }

  /// Nouns in the plural, as the specification asks for.
  private static String name(Unit unit) {
    if (unit.side() != Unit.Side.OTHER) {
      return "Tokens";
    }
    return switch (unit) {
      case WEB_SEARCH, FILE_SEARCH, SEARCH_UNIT -> "Searches";
      case CODE_EXECUTION -> "Executions";
      case SEARCH_SOURCE -> "Sources";
      case CLASSIFICATION -> "Classifications";
      case PAGE -> "Pages";
      case IMAGE -> "Images";
      case AUDIO_SECOND -> "Seconds";
      case CHARACTER -> "Characters";
      default -> "Requests";
    };
  }
}
