package dev.agentserver.agentrun.run;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tools that there are, as runs see them. It is asked outside of transactions.
@FunctionalInterface
public interface Tools {
  /// A tool that is in use.
  ///
  /// @param inputSchema a JSON object
  /// @param outputSchema likewise
  /// @param version of the schemas
  /// @param integrationId null: it belongs to none
  record Tool(
      UUID id,
      String name,
      String description,
      String inputSchema,
      String outputSchema,
      int version,
      @Nullable UUID integrationId) {}

  /// Those of the tools that the holder of the token can be told of, no more than fit into an
  /// answer. Fails with Unavailable where nobody answers.
  List<Tool> find(Run run, Tokens.Token token, List<UUID> ids);
}
