package dev.agentserver.agentrun.price.book;

import static dev.agentserver.agentrun.db.Tables.PRICE_RATE;
import static dev.agentserver.agentrun.db.Tables.PRICE_VERSION;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.kit.db.ArrayTable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateStep;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Prices between rows and values.
final class PriceRows {
  private static final Field<List<Rate>> RATES =
      multiset(
              select(PRICE_RATE.UNIT, PRICE_RATE.ABOVE, PRICE_RATE.UNIT_PRICE, PRICE_RATE.PER)
                  .from(PRICE_RATE)
                  .where(PRICE_RATE.TENANT_ID.eq(PRICE_VERSION.TENANT_ID))
                  .and(PRICE_RATE.PRICE_VERSION_ID.eq(PRICE_VERSION.PRICE_VERSION_ID))
                  .orderBy(PRICE_RATE.UNIT, PRICE_RATE.ABOVE))
          .convertFrom(
              rows ->
                  rows.map(
                      each ->
                          new Rate(
                              Unit.of(each.value1()).orElseThrow(),
                              each.value2(),
                              each.value3(),
                              each.value4())));

  static final List<SelectField<?>> COLUMNS =
      List.of(
          PRICE_VERSION.TENANT_ID,
          PRICE_VERSION.PRICE_VERSION_ID,
          PRICE_VERSION.PROVIDER,
          PRICE_VERSION.MODEL,
          PRICE_VERSION.TIER,
          PRICE_VERSION.BATCH,
          PRICE_VERSION.REGION,
          PRICE_VERSION.DAILY_FROM,
          PRICE_VERSION.DAILY_UNTIL,
          PRICE_VERSION.VALID_FROM,
          PRICE_VERSION.VALID_UNTIL,
          PRICE_VERSION.SOURCE,
          PRICE_VERSION.CREATED_AT,
          PRICE_VERSION.WITHDRAWN_AT,
          RATES);

  private static final List<Field<?>> WRITTEN =
      List.of(
          PRICE_VERSION.PRICE_VERSION_ID,
          PRICE_VERSION.PROVIDER,
          PRICE_VERSION.MODEL,
          PRICE_VERSION.TIER,
          PRICE_VERSION.BATCH,
          PRICE_VERSION.REGION,
          PRICE_VERSION.DAILY_FROM,
          PRICE_VERSION.DAILY_UNTIL,
          PRICE_VERSION.VALID_FROM,
          PRICE_VERSION.VALID_UNTIL,
          PRICE_VERSION.SOURCE);

  /// A rate and what it belongs to.
  private record RateRow(UUID version, Rate rate) {}

  private PriceRows() {}

  static PriceVersion version(Record found) {
    return new PriceVersion(
        found.get(PRICE_VERSION.PRICE_VERSION_ID),
        found.get(PRICE_VERSION.TENANT_ID).equals(PriceStore.EVERYBODY),
        new PriceKey(
            found.get(PRICE_VERSION.PROVIDER),
            found.get(PRICE_VERSION.MODEL),
            found.get(PRICE_VERSION.TIER),
            found.get(PRICE_VERSION.BATCH),
            found.get(PRICE_VERSION.REGION),
            new Daily(found.get(PRICE_VERSION.DAILY_FROM), found.get(PRICE_VERSION.DAILY_UNTIL))),
        instant(found.get(PRICE_VERSION.VALID_FROM)),
        instant(found.get(PRICE_VERSION.VALID_UNTIL)),
        Source.valueOf(found.get(PRICE_VERSION.SOURCE)),
        found.get(RATES));
  }

  static StoredVersion stored(Record found) {
    return new StoredVersion(
        version(found),
        found.get(PRICE_VERSION.CREATED_AT).toInstant(),
        instant(found.get(PRICE_VERSION.WITHDRAWN_AT)));
  }

  static InsertOnDuplicateStep<Record> insert(
      DSLContext db, UUID scope, List<PriceVersion> versions, Field<OffsetDateTime> now) {
    var rows =
        ArrayTable.of("v", versions)
            .with(PRICE_VERSION.PRICE_VERSION_ID, PriceVersion::id)
            .with(PRICE_VERSION.PROVIDER, each -> each.key().provider())
            .with(PRICE_VERSION.MODEL, each -> each.key().model())
            .with(PRICE_VERSION.TIER, each -> each.key().tier())
            .with(PRICE_VERSION.BATCH, each -> each.key().batch())
            .with(PRICE_VERSION.REGION, each -> each.key().region())
            .with(PRICE_VERSION.DAILY_FROM, each -> each.key().daily().from())
            .with(PRICE_VERSION.DAILY_UNTIL, each -> each.key().daily().until())
            .with(PRICE_VERSION.VALID_FROM, each -> time(each.from()))
            .with(PRICE_VERSION.VALID_UNTIL, each -> time(each.until()))
            .with(PRICE_VERSION.SOURCE, each -> each.source().name());
    var columns = new ArrayList<Field<?>>(WRITTEN);
    columns.add(PRICE_VERSION.TENANT_ID);
    columns.add(PRICE_VERSION.CREATED_AT);
    return db.insertInto(PRICE_VERSION, columns)
        .select(select(rows.fields()).select(DSL.val(scope)).select(now).from(rows.table()));
  }

  static void insertRates(DSLContext db, UUID scope, List<PriceVersion> versions) {
    var rates =
        versions.stream()
            .flatMap(each -> each.rates().stream().map(rate -> new RateRow(each.id(), rate)))
            .toList();
    if (rates.isEmpty()) {
      return;
    }
    var rows =
        ArrayTable.of("r", rates)
            .with(PRICE_RATE.PRICE_VERSION_ID, RateRow::version)
            .with(PRICE_RATE.UNIT, each -> each.rate().unit().key())
            .with(PRICE_RATE.ABOVE, each -> each.rate().above())
            .with(PRICE_RATE.UNIT_PRICE, each -> each.rate().unitPrice())
            .with(PRICE_RATE.PER, each -> each.rate().per());
    List<Field<?>> columns =
        List.of(
            PRICE_RATE.PRICE_VERSION_ID,
            PRICE_RATE.UNIT,
            PRICE_RATE.ABOVE,
            PRICE_RATE.UNIT_PRICE,
            PRICE_RATE.PER,
            PRICE_RATE.TENANT_ID);
    db.insertInto(PRICE_RATE, columns)
        .select(select(rows.fields()).select(DSL.val(scope)).from(rows.table()))
        .execute();
  }

  static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
