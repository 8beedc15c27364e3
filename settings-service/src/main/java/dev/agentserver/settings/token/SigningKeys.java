package dev.agentserver.settings.token;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.JwksClient;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.identity.SigningKey;
import dev.agentserver.kit.identity.TicketIssuer;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.settings.secret.Sealing;
import dev.agentserver.settings.token.SigningKeyStore.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/// The keys that sign access tokens, alike in every replica: the newest whose time has come signs.
///
/// A new one is published an hour before it signs, and an old one long after its last token is
/// gone; who verifies fetches the keys every few minutes, and each replica reads the table twice a
/// minute. So no token is ever signed by a key that somebody has not heard of.
public final class SigningKeys implements JwksClient {
  /// How long a key is published before it signs.
  static final Duration PUBLISHED_BEFORE = Duration.ofHours(1);

  /// How long it is published after another has taken over.
  static final Duration PUBLISHED_AFTER = Duration.ofHours(2);

  private final Database database;
  private final Sealing sealing;
  private final Clock clock;
  private final Supplier<UUID> ids;
  private final Duration life;
  private final SigningKeyStore store = new SigningKeyStore();
  private final ConcurrentHashMap<String, Signing> opened = new ConcurrentHashMap<>();
  private volatile List<Row> rows = List.of();

  /// What one key can do.
  private record Signing(TokenIssuer tokens, TicketIssuer tickets) {}

  /// @param life how long a key signs before the next one takes over
  private SigningKeys(
      Database database, Sealing sealing, Clock clock, Supplier<UUID> ids, Duration life) {
    this.database = database;
    this.sealing = sealing;
    this.clock = clock;
    this.ids = ids;
    this.life = life;
  }

  /// Reads the keys, and makes the first one where there is none. Fails with IllegalStateException
  /// where they were encrypted under another SETTINGS_KEY.
  public static SigningKeys open(
      Database database, Sealing sealing, Clock clock, Supplier<UUID> ids, Duration life) {
    var keys = new SigningKeys(database, sealing, clock, ids, life);
    keys.refresh();
    return keys;
  }

  /// Reads the keys again; makes the next one when its time has come, and removes those that are no
  /// longer needed.
  public void refresh() {
    var found = database.read(store::all);
    var now = clock.instant();
    if (isNextDue(found, now) || isOldest(found, now)) {
      found = database.write(db -> renewed(db, clock.instant()));
    }
    found.forEach(this::opened);
    rows = found;
    var kids = found.stream().map(row -> row.publicJwk().kid()).toList();
    opened.keySet().retainAll(kids);
  }

  private List<Row> renewed(DSLContext db, Instant now) {
    store.lock(db);
    var found = store.all(db);
    if (found.isEmpty()) {
      // Nobody has a token yet, so nobody need be given time to hear of the key.
      make(db, now, now);
    } else if (isNextDue(found, now)) {
      make(db, now.plus(PUBLISHED_BEFORE), now);
    }
    while (isOldest(found, now)) {
      store.remove(db, found.getFirst().publicJwk().kid());
      found = found.subList(1, found.size());
    }
    return store.all(db);
  }

  private boolean isNextDue(List<Row> found, Instant now) {
    return found.isEmpty()
        || !now.isBefore(found.getLast().signsFrom().plus(life).minus(PUBLISHED_BEFORE));
  }

  /// Whether the first key is done: another signs for longer than its tokens live.
  private static boolean isOldest(List<Row> found, Instant now) {
    return found.size() > 1 && now.isAfter(found.get(1).signsFrom().plus(PUBLISHED_AFTER));
  }

  private void make(DSLContext db, Instant signsFrom, Instant now) {
    var key = SigningKey.generate();
    var publicJwk = key.publicJwk();
    var sealed = sealing.seal(key.export().value(), place(publicJwk));
    store.insert(db, new Row(publicJwk, sealed, signsFrom), now);
  }

  private static String place(PublicJwk key) {
    return "signing_key " + key.kid();
  }

  private Signing opened(Row row) {
    return opened.computeIfAbsent(
        row.publicJwk().kid(),
        _ -> {
          var key = SigningKey.restore(sealing.open(row.sealed(), place(row.publicJwk())));
          return new Signing(new TokenIssuer(key, clock, ids), new TicketIssuer(key, clock, ids));
        });
  }

  private Signing signing() {
    var now = clock.instant();
    var all = rows;
    var current = all.getFirst();
    for (var row : all) {
      if (!row.signsFrom().isAfter(now)) {
        current = row;
      }
    }
    return opened(current);
  }

  /// Signs access tokens with the key whose time it is.
  public TokenIssuer tokens() {
    return signing().tokens();
  }

  /// Signs tickets likewise.
  public TicketIssuer tickets() {
    return signing().tickets();
  }

  /// The keys to publish.
  @Override
  public List<PublicJwk> fetch() {
    return rows.stream().map(Row::publicJwk).toList();
  }
}
