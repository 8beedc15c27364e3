package dev.agentserver.file.library;

import dev.agentserver.file.file.Disposition;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.SignedUrl;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/// URLs by which the store itself serves files. Whoever has one may read the file without a
/// credential, so each that is given out is in the audit trail.
public final class DownloadUrls {
  private final Database database;
  private final AuditTrail audit;
  private final ObjectStore objects;
  private final Links links;
  private final Duration validity;

  /// @param validity how long a URL is valid
  public DownloadUrls(
      Database database, AuditTrail audit, ObjectStore objects, Links links, Duration validity) {
    this.database = database;
    this.audit = audit;
    this.objects = objects;
    this.links = links;
    this.validity = validity;
  }

  /// @param action the method that is asked, for the audit trail
  public SignedUrl create(Caller caller, String action, UUID id) {
    var file = links.readable(caller, id);
    var bytes = file.readable();
    var shown = Disposition.of(file);
    database.write(
        db -> {
          audit.record(
              db, caller, new AuditRecord(action, StoredFile.RESOURCE, id.toString(), Map.of()));
          return true;
        });
    return objects.presignGet(bytes.key(), validity, shown.contentType(), shown.header());
  }
}
