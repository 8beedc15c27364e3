package dev.agentserver.settings.token;

import static dev.agentserver.settings.db.Tables.API_KEY;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import dev.agentserver.settings.token.Sightings.Sighting;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.types.DayToSecond;

/// Writes sightings.
final class SightingStore {
  private static final DayToSecond MINUTE = DayToSecond.valueOf(Duration.ofMinutes(1));

  /// What was noted within the last minute is left. Rows are taken in one order, so that replicas
  /// do not wait for each other in a circle.
  void note(DSLContext db, List<Sighting> sightings) {
    var before = currentOffsetDateTime().minus(MINUTE);
    sightings.stream()
        .sorted(Comparator.comparing(Sighting::tenantId).thenComparing(Sighting::userId))
        .forEach(
            seen -> {
              if (seen.keyId() != null) {
                db.update(API_KEY)
                    .set(API_KEY.LAST_USED_AT, currentOffsetDateTime())
                    .where(API_KEY.TENANT_ID.eq(seen.tenantId()))
                    .and(API_KEY.KEY_ID.eq(seen.keyId()))
                    .and(API_KEY.LAST_USED_AT.isNull().or(API_KEY.LAST_USED_AT.lt(before)))
                    .execute();
              }
              db.update(USER_ACCOUNT)
                  .set(USER_ACCOUNT.LAST_LOGIN_AT, currentOffsetDateTime())
                  .where(USER_ACCOUNT.TENANT_ID.eq(seen.tenantId()))
                  .and(USER_ACCOUNT.USER_ID.eq(seen.userId()))
                  .and(
                      USER_ACCOUNT.LAST_LOGIN_AT.isNull().or(USER_ACCOUNT.LAST_LOGIN_AT.lt(before)))
                  .execute();
            });
  }
}
