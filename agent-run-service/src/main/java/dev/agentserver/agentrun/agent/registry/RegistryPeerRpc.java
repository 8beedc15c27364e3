package dev.agentserver.agentrun.agent.registry;

import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.BatchGetIntegrationsRequest;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.IntegrationServiceGrpc;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.ModelServiceGrpc;
import dev.agentserver.settings.v1.ToolReference;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks settings-service with the token of the caller, who sees no more there than they may.
public final class RegistryPeerRpc implements RegistryPeer {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long TIMEOUT_SECONDS = 5;
  private static final int PAGE = 200;

  private final Channel channel;

  /// @param channel carries the caller's token on
  public RegistryPeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Map<UUID, @Nullable UUID> tools(List<UUID> ids) {
    var request = BatchGetToolsRequest.newBuilder();
    ids.forEach(id -> request.addTools(ToolReference.newBuilder().setId(id.toString())));
    var stub =
        ToolServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    var reply = asked("tool:read", () -> stub.batchGetTools(request.build()));
    var tools = new HashMap<UUID, @Nullable UUID>();
    reply
        .getToolsList()
        .forEach(
            tool ->
                tools.put(
                    UUID.fromString(tool.getId()), ProtoText.uuidOrNull(tool.getIntegrationId())));
    return tools;
  }

  @Override
  public List<Integration> integrations(List<UUID> ids, List<String> names) {
    var request = BatchGetIntegrationsRequest.newBuilder().addAllNames(names);
    ids.forEach(id -> request.addIds(id.toString()));
    var stub =
        IntegrationServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return asked("integration:read", () -> stub.batchGetIntegrations(request.build()))
        .getIntegrationsList()
        .stream()
        .map(
            each ->
                new Integration(UUID.fromString(each.getId()), each.getName(), each.getActive()))
        .toList();
  }

  @Override
  public int maxOutputTokens(String provider, String model) {
    var stub =
        ModelServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    var request =
        ListModelsRequest.newBuilder()
            .setProviderName(provider)
            .setIncludeInactive(true)
            .setPageSize(PAGE);
    while (true) {
      var reply = asked("model:read", () -> stub.listModels(request.build()));
      for (var each : reply.getModelsList()) {
        if (each.getName().equals(model)) {
          return each.getMaxOutputTokens();
        }
      }
      if (reply.getNextPageToken().isEmpty()) {
        return 0;
      }
      request.setPageToken(reply.getNextPageToken());
    }
  }

  private static <R> R asked(String permission, Supplier<R> question) {
    try {
      return question.get();
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() == Code.PERMISSION_DENIED) {
        throw new Problem.Denied(permission).raise();
      }
      throw new Problem.Unavailable("settings-service", RETRY).raise();
    }
  }
}
