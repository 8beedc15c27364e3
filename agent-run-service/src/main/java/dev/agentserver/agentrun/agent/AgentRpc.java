package dev.agentserver.agentrun.agent;

import com.google.protobuf.Empty;
import dev.agentserver.agentrun.agent.AgentListStore.Position;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.DeleteAgentRequest;
import dev.agentserver.agentrun.v1.GetAgentRequest;
import dev.agentserver.agentrun.v1.GetAgentVersionRequest;
import dev.agentserver.agentrun.v1.ListAgentVersionsRequest;
import dev.agentserver.agentrun.v1.ListAgentVersionsResponse;
import dev.agentserver.agentrun.v1.ListAgentsRequest;
import dev.agentserver.agentrun.v1.ListAgentsResponse;
import dev.agentserver.agentrun.v1.SetAgentFavoriteRequest;
import dev.agentserver.agentrun.v1.UpdateAgentRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// AgentService: translation between the contract and [Agents].
public final class AgentRpc implements BindableService {
  private final Agents agents;
  private final PageSizes pages;

  public AgentRpc(Agents agents, PageSizes pages) {
    this.agents = agents;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AgentServiceGrpc.getServiceDescriptor())
        .unary(AgentServiceGrpc.getCreateAgentMethod(), this::create)
        .unary(AgentServiceGrpc.getGetAgentMethod(), this::get)
        .unary(AgentServiceGrpc.getListAgentsMethod(), this::list)
        .unary(AgentServiceGrpc.getUpdateAgentMethod(), this::update)
        .unary(AgentServiceGrpc.getDeleteAgentMethod(), this::delete)
        .unary(AgentServiceGrpc.getSetAgentFavoriteMethod(), this::setFavorite)
        .unary(AgentServiceGrpc.getListAgentVersionsMethod(), this::versions)
        .unary(AgentServiceGrpc.getGetAgentVersionMethod(), this::version)
        .build();
  }

  private Agent create(CreateAgentRequest request) {
    Attempt<dev.agentserver.agentrun.agent.Agent> attempt =
        Attempts.of(
            AgentServiceGrpc.getCreateAgentMethod(),
            request,
            AgentProto::toProto,
            AgentProto::fromProto);
    var draft = AgentProto.draft(request.getAgent());
    return AgentProto.toProto(agents.create(Callers.current(), attempt, draft));
  }

  private Agent get(GetAgentRequest request) {
    var found = agents.get(Callers.current(), UUID.fromString(request.getAgentId()));
    var proto = AgentProto.toProto(found);
    return switch (request.getView()) {
      case AGENT_VIEW_BASIC -> proto.toBuilder().setConfig(basic(proto.getConfig())).build();
      case AGENT_VIEW_LEGACY_CONFIG ->
          proto.toBuilder().setAgentConfig(LegacyConfigProto.of(found.config())).build();
      case AGENT_VIEW_UNSPECIFIED, AGENT_VIEW_FULL, UNRECOGNIZED -> proto;
    };
  }

  private static AgentConfig basic(AgentConfig config) {
    return config.toBuilder()
        .clearInstructions()
        .clearSettings()
        .clearSteps()
        .clearTools()
        .clearIntegrations()
        .build();
  }

  private ListAgentsResponse list(ListAgentsRequest request) {
    var caller = Callers.current();
    var filter = AgentProto.filter(request);
    var method = AgentServiceGrpc.getListAgentsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, filter.toString());
    var after = scope.position(request.getPageToken(), AgentRpc::position).orElse(null);
    var page = agents.list(caller, filter, after, pages.of(request.getPageSize()));
    return ListAgentsResponse.newBuilder()
        .addAllAgents(page.agents().stream().map(AgentProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private static List<String> position(Position position) {
    return List.of(
        Boolean.toString(position.favorite()),
        position.lastUsedAt().toString(),
        position.createdAt().toString(),
        position.id().toString());
  }

  private static Position position(List<String> position) {
    return new Position(
        Boolean.parseBoolean(position.getFirst()),
        Instant.parse(position.get(1)),
        Instant.parse(position.get(2)),
        UUID.fromString(position.get(3)));
  }

  private Agent update(UpdateAgentRequest request) {
    Attempt<dev.agentserver.agentrun.agent.Agent> attempt =
        Attempts.of(
            AgentServiceGrpc.getUpdateAgentMethod(),
            request,
            AgentProto::toProto,
            AgentProto::fromProto);
    var id = UUID.fromString(request.getAgent().getId());
    var etag = request.getAgent().getEtag();
    return AgentProto.toProto(
        agents.update(Callers.current(), attempt, id, etag, ChangeProto.of(request)));
  }

  private Empty delete(DeleteAgentRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            AgentServiceGrpc.getDeleteAgentMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getAgentId());
    agents.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }

  private Agent setFavorite(SetAgentFavoriteRequest request) {
    var id = UUID.fromString(request.getAgentId());
    return AgentProto.toProto(agents.setFavorite(Callers.current(), id, request.getFavorite()));
  }

  private ListAgentVersionsResponse versions(ListAgentVersionsRequest request) {
    var caller = Callers.current();
    var method = AgentServiceGrpc.getListAgentVersionsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, request.getAgentId());
    var before =
        scope
            .position(request.getPageToken(), position -> Integer.valueOf(position.getFirst()))
            .orElse(null);
    var id = UUID.fromString(request.getAgentId());
    var page = agents.versions(caller, id, before, pages.of(request.getPageSize()));
    return ListAgentVersionsResponse.newBuilder()
        .addAllVersions(page.versions().stream().map(AgentProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(List.of(page.next().toString())))
        .build();
  }

  private AgentVersion version(GetAgentVersionRequest request) {
    var id = UUID.fromString(request.getAgentId());
    return AgentProto.toProto(agents.version(Callers.current(), id, request.getVersion()));
  }
}
