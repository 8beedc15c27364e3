package dev.agentserver.agentrun.agent.template;

import com.google.protobuf.Empty;
import dev.agentserver.agentrun.agent.AgentProto;
import dev.agentserver.agentrun.agent.Agents;
import dev.agentserver.agentrun.agent.template.TemplateStore.Position;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentTemplate;
import dev.agentserver.agentrun.v1.AgentTemplateServiceGrpc;
import dev.agentserver.agentrun.v1.CreateAgentTemplateRequest;
import dev.agentserver.agentrun.v1.DeleteAgentTemplateRequest;
import dev.agentserver.agentrun.v1.GetAgentTemplateRequest;
import dev.agentserver.agentrun.v1.InstantiateAgentTemplateRequest;
import dev.agentserver.agentrun.v1.ListAgentTemplatesRequest;
import dev.agentserver.agentrun.v1.ListAgentTemplatesResponse;
import dev.agentserver.agentrun.v1.UpdateAgentTemplateRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// AgentTemplateService: translation between the contract and [Templates], and [Agents] for what
/// is made from them.
public final class TemplateRpc implements BindableService {
  private final Templates templates;
  private final Agents agents;
  private final PageSizes pages;

  public TemplateRpc(Templates templates, Agents agents, PageSizes pages) {
    this.templates = templates;
    this.agents = agents;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AgentTemplateServiceGrpc.getServiceDescriptor())
        .unary(AgentTemplateServiceGrpc.getCreateAgentTemplateMethod(), this::create)
        .unary(AgentTemplateServiceGrpc.getGetAgentTemplateMethod(), this::get)
        .unary(AgentTemplateServiceGrpc.getListAgentTemplatesMethod(), this::list)
        .unary(AgentTemplateServiceGrpc.getUpdateAgentTemplateMethod(), this::update)
        .unary(AgentTemplateServiceGrpc.getDeleteAgentTemplateMethod(), this::delete)
        .unary(AgentTemplateServiceGrpc.getInstantiateAgentTemplateMethod(), this::instantiate)
        .build();
  }

  private AgentTemplate create(CreateAgentTemplateRequest request) {
    Attempt<Template> attempt =
        Attempts.of(
            AgentTemplateServiceGrpc.getCreateAgentTemplateMethod(),
            request,
            TemplateProto::toProto,
            TemplateProto::fromProto);
    var attributes = TemplateProto.attributes(request.getAgentTemplate());
    return TemplateProto.toProto(templates.create(Callers.current(), attempt, attributes));
  }

  private AgentTemplate get(GetAgentTemplateRequest request) {
    var id = UUID.fromString(request.getTemplateId());
    return TemplateProto.toProto(templates.get(Callers.current(), id));
  }

  private ListAgentTemplatesResponse list(ListAgentTemplatesRequest request) {
    var caller = Callers.current();
    var method = AgentTemplateServiceGrpc.getListAgentTemplatesMethod().getFullMethodName();
    var filter = request.getIncludeInactive() + request.getCategory();
    var scope = new PageScope(caller, method, filter);
    var after =
        scope
            .position(
                request.getPageToken(),
                position -> new Position(position.getFirst(), UUID.fromString(position.get(1))))
            .orElse(null);
    var page =
        templates.list(
            caller,
            ProtoText.cleanOrNull(request.getCategory()),
            request.getIncludeInactive(),
            after,
            pages.of(request.getPageSize()));
    var next = page.next();
    return ListAgentTemplatesResponse.newBuilder()
        .addAllAgentTemplates(page.templates().stream().map(TemplateProto::toProto).toList())
        .setNextPageToken(
            next == null ? "" : scope.token(List.of(next.name(), next.id().toString())))
        .build();
  }

  private AgentTemplate update(UpdateAgentTemplateRequest request) {
    Attempt<Template> attempt =
        Attempts.of(
            AgentTemplateServiceGrpc.getUpdateAgentTemplateMethod(),
            request,
            TemplateProto::toProto,
            TemplateProto::fromProto);
    var template = request.getAgentTemplate();
    return TemplateProto.toProto(
        templates.update(
            Callers.current(),
            attempt,
            UUID.fromString(template.getId()),
            template.getEtag(),
            TemplateProto.change(request)));
  }

  private Empty delete(DeleteAgentTemplateRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            AgentTemplateServiceGrpc.getDeleteAgentTemplateMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getTemplateId());
    templates.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }

  private Agent instantiate(InstantiateAgentTemplateRequest request) {
    Attempt<dev.agentserver.agentrun.agent.Agent> attempt =
        Attempts.of(
            AgentTemplateServiceGrpc.getInstantiateAgentTemplateMethod(),
            request,
            AgentProto::toProto,
            AgentProto::fromProto);
    var agent = request.getAgent().toBuilder().setTemplateId(request.getTemplateId()).build();
    return AgentProto.toProto(agents.create(Callers.current(), attempt, AgentProto.draft(agent)));
  }
}
