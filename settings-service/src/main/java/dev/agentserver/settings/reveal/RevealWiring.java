package dev.agentserver.settings.reveal;

import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.settings.credential.Credentials;
import dev.agentserver.settings.run.RunGrants;
import io.grpc.BindableService;

/// What gives secrets away.
public final class RevealWiring {
  private RevealWiring() {}

  /// SecretAccessService.
  public static BindableService service(KitRuntime kit, Credentials credentials, RunGrants grants) {
    return new SecretAccessRpc(new Reveals(kit.database(), kit.audit(), credentials, grants));
  }
}
