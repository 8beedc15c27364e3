package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.kit.grpc.Bearer;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.ToolReference;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Asks settings-service for tools with the tokens of runs, which see no more there than they may.
///
/// It asks outside the call that needs the answer: what the channel opens meanwhile, such as its
/// health check, is for all calls and would end with this one.
public final class ToolPeerRpc implements Tools {
  private static final long TIMEOUT_SECONDS = 5;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  /// So many of the largest tools are less than a message may be.
  private static final int BATCH = 50;

  private final Channel channel;

  public ToolPeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public List<Tool> find(Run run, Tokens.Token token, List<UUID> ids) {
    var tools = new ArrayList<Tool>();
    var room = MAX_BYTES;
    for (var from = 0; from < ids.size(); from += BATCH) {
      for (var tool : ask(run, token, ids.subList(from, Math.min(from + BATCH, ids.size())))) {
        if (tool.getActive() && tool.getSerializedSize() <= room) {
          room -= tool.getSerializedSize();
          tools.add(tool(tool));
        }
      }
    }
    return tools;
  }

  private List<dev.agentserver.settings.v1.Tool> ask(Run run, Tokens.Token token, List<UUID> ids) {
    var request = BatchGetToolsRequest.newBuilder();
    ids.forEach(id -> request.addTools(ToolReference.newBuilder().setId(id.toString())));
    var before = Context.ROOT.attach();
    try {
      return Bearer.on(ToolServiceGrpc.newBlockingStub(channel), token.jwt())
          .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .batchGetTools(request.build())
          .getToolsList();
    } catch (StatusRuntimeException failed) {
      var code = failed.getStatus().getCode();
      if (code == Code.PERMISSION_DENIED) {
        // The run's user may not read tools.
        return List.of();
      }
      if (code == Code.FAILED_PRECONDITION) {
        throw Leases.lost(run);
      }
      throw new Problem.Unavailable("settings-service", RETRY).raise();
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private static Tool tool(dev.agentserver.settings.v1.Tool tool) {
    return new Tool(
        UUID.fromString(tool.getId()),
        tool.getName(),
        tool.getDescription(),
        ProtoText.json("input_schema", tool.getInputSchema()),
        ProtoText.json("output_schema", tool.getOutputSchema()),
        tool.getVersion(),
        ProtoText.uuidOrNull(tool.getIntegrationId()));
  }
}
