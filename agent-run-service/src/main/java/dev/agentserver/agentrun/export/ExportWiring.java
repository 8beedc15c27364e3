package dev.agentserver.agentrun.export;

import dev.agentserver.agentrun.run.Standing;
import dev.agentserver.kit.db.Database;
import io.grpc.BindableService;

/// Usage as files.
public final class ExportWiring {
  private ExportWiring() {}

  /// @param standing whether who has begun a file may go on
  public static BindableService service(Database database, Standing standing) {
    return new ExportRpc(new Exports(database, standing));
  }
}
