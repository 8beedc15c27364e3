package dev.agentserver.agentrun.price.book;

import static dev.agentserver.agentrun.db.Tables.PRICE_VERSION;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of prices.
final class PriceStore {
  /// The tenant that everybody's prices lie under.
  static final UUID EVERYBODY = new UUID(0, 0);

  /// More than all public files have together.
  private static final int MOST = 100_000;

  /// The sort key of a row: what a page token holds.
  record Position(String provider, String model, UUID id) {}

  /// The tenant's own, or everybody's.
  Optional<StoredVersion> find(DSLContext db, UUID tenantId, UUID id) {
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(visible(tenantId))
        .and(PRICE_VERSION.PRICE_VERSION_ID.eq(id))
        .limit(1)
        .fetchOptional(PriceRows::stored);
  }

  /// Those of some models that are not withdrawn, the tenant's own and everybody's.
  List<PriceVersion> ofModels(
      DSLContext db, UUID tenantId, String provider, Collection<String> models) {
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(visible(tenantId))
        .and(PRICE_VERSION.PROVIDER.eq(provider))
        .and(PRICE_VERSION.MODEL.in(models))
        .and(PRICE_VERSION.WITHDRAWN_AT.isNull())
        .limit(MOST)
        .fetch(PriceRows::version);
  }

  /// Those that lie under one tenant and are not withdrawn, of some providers.
  List<PriceVersion> ofProviders(DSLContext db, UUID scope, Collection<String> providers) {
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(PRICE_VERSION.TENANT_ID.eq(scope))
        .and(PRICE_VERSION.PROVIDER.in(providers))
        .and(PRICE_VERSION.WITHDRAWN_AT.isNull())
        .limit(MOST)
        .fetch(PriceRows::version);
  }

  /// The versions of one price, locked until the transaction ends.
  List<PriceVersion> lock(DSLContext db, UUID scope, PriceKey key) {
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(PRICE_VERSION.TENANT_ID.eq(scope))
        .and(PRICE_VERSION.PROVIDER.eq(key.provider()))
        .and(PRICE_VERSION.MODEL.eq(key.model()))
        .and(PRICE_VERSION.TIER.eq(key.tier()))
        .and(PRICE_VERSION.BATCH.eq(key.batch()))
        .and(PRICE_VERSION.REGION.eq(key.region()))
        .and(PRICE_VERSION.WITHDRAWN_AT.isNull())
        .limit(MOST)
        .forNoKeyUpdate()
        .of(PRICE_VERSION)
        .fetch(PriceRows::version);
  }

  /// Those that came with the suite, withdrawn ones included.
  List<StoredVersion> builtIn(DSLContext db) {
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(PRICE_VERSION.TENANT_ID.eq(EVERYBODY))
        .and(PRICE_VERSION.SOURCE.eq(Source.BUILT_IN.name()))
        .limit(MOST)
        .fetch(PriceRows::stored);
  }

  /// By provider and model.
  List<StoredVersion> list(
      DSLContext db, UUID tenantId, PriceFilter filter, @Nullable Position after, int limit) {
    var place = row(PRICE_VERSION.PROVIDER, PRICE_VERSION.MODEL, PRICE_VERSION.PRICE_VERSION_ID);
    return db.select(PriceRows.COLUMNS)
        .from(PRICE_VERSION)
        .where(visible(tenantId))
        .and(matching(filter))
        .and(
            after == null
                ? noCondition()
                : place.gt(row(val(after.provider()), val(after.model()), val(after.id()))))
        .orderBy(PRICE_VERSION.PROVIDER, PRICE_VERSION.MODEL, PRICE_VERSION.PRICE_VERSION_ID)
        .limit(limit)
        .fetch(PriceRows::stored);
  }

  /// Writes versions with their rates. With `yielding`, one that is in the way of another is left
  /// out, and so is one that is there.
  void insert(DSLContext db, UUID scope, List<PriceVersion> versions, boolean yielding) {
    if (versions.isEmpty()) {
      return;
    }
    var insert = PriceRows.insert(db, scope, versions, clock());
    var written =
        (yielding ? insert.onConflictDoNothing() : insert)
            .returning(PRICE_VERSION.PRICE_VERSION_ID)
            .fetchSet(PRICE_VERSION.PRICE_VERSION_ID);
    PriceRows.insertRates(
        db, scope, versions.stream().filter(each -> written.contains(each.id())).toList());
  }

  void move(DSLContext db, UUID scope, PriceVersion version) {
    db.update(PRICE_VERSION)
        .set(PRICE_VERSION.VALID_FROM, PriceRows.time(version.from()))
        .set(PRICE_VERSION.VALID_UNTIL, PriceRows.time(version.until()))
        .where(PRICE_VERSION.TENANT_ID.eq(scope))
        .and(PRICE_VERSION.PRICE_VERSION_ID.eq(version.id()))
        .execute();
  }

  /// Returns how many were not withdrawn before.
  int withdraw(DSLContext db, UUID scope, Collection<UUID> ids) {
    return ids.isEmpty()
        ? 0
        : db.update(PRICE_VERSION)
            .set(PRICE_VERSION.WITHDRAWN_AT, clock())
            .where(PRICE_VERSION.TENANT_ID.eq(scope))
            .and(PRICE_VERSION.PRICE_VERSION_ID.in(ids))
            .and(PRICE_VERSION.WITHDRAWN_AT.isNull())
            .execute();
  }

  private static Condition visible(UUID tenantId) {
    return PRICE_VERSION.TENANT_ID.in(tenantId, EVERYBODY);
  }

  private static Condition matching(PriceFilter filter) {
    var condition = filter.withdrawn() ? noCondition() : PRICE_VERSION.WITHDRAWN_AT.isNull();
    if (filter.provider() != null) {
      condition = condition.and(PRICE_VERSION.PROVIDER.eq(filter.provider()));
    }
    if (filter.model() != null) {
      condition = condition.and(PRICE_VERSION.MODEL.eq(filter.model()));
    }
    if (filter.inForceAt() != null) {
      var time = filter.inForceAt().atOffset(ZoneOffset.UTC);
      condition =
          condition
              .and(PRICE_VERSION.VALID_FROM.isNull().or(PRICE_VERSION.VALID_FROM.le(time)))
              .and(PRICE_VERSION.VALID_UNTIL.isNull().or(PRICE_VERSION.VALID_UNTIL.gt(time)));
    }
    return condition;
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
