package dev.agentserver.settings.configuration;

import dev.agentserver.kit.db.Database;
import dev.agentserver.settings.secret.StoredSecret;
import dev.agentserver.settings.secret.Undecryptable;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings sensitive values of before there were data keys under one, so that they rotate like all
/// others. What cannot be opened stays as it is.
public final class OlderSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(OlderSecrets.class);
  private static final int BATCH = 100;

  private final Database database;
  private final SecretValues secrets;
  private final OlderSecretStore store = new OlderSecretStore();

  public OlderSecrets(Database database, SecretValues secrets) {
    this.database = database;
    this.secrets = secrets;
  }

  /// Does all there are.
  public void bringUnderDataKeys() {
    OlderSecretStore.Set set = null;
    do {
      var after = set;
      set =
          database.write(
              db -> {
                var found = store.set(db, after, BATCH);
                for (var each : found) {
                  anew(each.sealed(), Changes.place(each.tenantId(), each.item(), each.revision()))
                      .ifPresent(next -> store.replace(db, each, next));
                }
                return found.isEmpty() ? null : found.getLast();
              });
    } while (set != null);
    OlderSecretStore.Planned planned = null;
    do {
      var after = planned;
      planned =
          database.write(
              db -> {
                var found = store.planned(db, after, BATCH);
                for (var each : found) {
                  anew(each.sealed(), Plans.place(each.tenantId(), each.id(), each.item()))
                      .ifPresent(next -> store.replace(db, each, next));
                }
                return found.isEmpty() ? null : found.getLast();
              });
    } while (planned != null);
  }

  private Optional<StoredSecret> anew(byte[] sealed, String place) {
    try {
      return Optional.of(secrets.seal(secrets.open(new StoredSecret(sealed, null), place), place));
    } catch (Undecryptable lost) {
      LOG.warn("{} stays as it is", place, lost);
      return Optional.empty();
    }
  }
}
