package dev.agentserver.kit.identity;

import java.util.List;

/// Where the published keys come from. A failure to get them is any exception.
@FunctionalInterface
public interface JwksClient {
  List<PublicJwk> fetch();
}
