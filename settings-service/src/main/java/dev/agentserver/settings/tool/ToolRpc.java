package dev.agentserver.settings.tool;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.text.PageProto;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.BatchGetToolsResponse;
import dev.agentserver.settings.v1.CreateToolRequest;
import dev.agentserver.settings.v1.DeleteToolRequest;
import dev.agentserver.settings.v1.GetToolRequest;
import dev.agentserver.settings.v1.ListToolsRequest;
import dev.agentserver.settings.v1.ListToolsResponse;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import dev.agentserver.settings.v1.UpdateToolRequest;
import dev.agentserver.settings.v1.ValidateToolInputRequest;
import dev.agentserver.settings.v1.ValidateToolInputResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// ToolService: translation between the contract and [Tools].
public final class ToolRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int INPUT = 1024 * 1024;

  private final Tools tools;

  public ToolRpc(Tools tools) {
    this.tools = tools;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ToolServiceGrpc.getServiceDescriptor())
        .unary(ToolServiceGrpc.getCreateToolMethod(), this::create)
        .unary(ToolServiceGrpc.getGetToolMethod(), this::get)
        .unary(ToolServiceGrpc.getListToolsMethod(), this::list)
        .unary(ToolServiceGrpc.getBatchGetToolsMethod(), this::batchGet)
        .unary(ToolServiceGrpc.getUpdateToolMethod(), this::update)
        .unary(ToolServiceGrpc.getDeleteToolMethod(), this::delete)
        .unary(ToolServiceGrpc.getValidateToolInputMethod(), this::validate)
        .build();
  }

  private Tool create(CreateToolRequest request) {
    Attempt<dev.agentserver.settings.tool.Tool> attempt =
        Attempts.of(
            ToolServiceGrpc.getCreateToolMethod(),
            request,
            ToolProto::toProto,
            ToolProto::fromProto);
    var draft = ToolProto.draft(request.getTool());
    return ToolProto.toProto(tools.create(Callers.current(), attempt, draft));
  }

  private Tool get(GetToolRequest request) {
    var id = UUID.fromString(request.getToolId());
    return ToolProto.toProto(tools.get(Callers.current(), id, request.getVersion()));
  }

  private ListToolsResponse list(ListToolsRequest request) {
    var caller = Callers.current();
    var filter =
        new Tools.Filter(
            uuidOrNull(request.getIntegrationId()),
            clean(request.getCategory()),
            request.getIncludeInactive());
    var method = ToolServiceGrpc.getListToolsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, filter.toString());
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page =
        PageProto.of(
            tools.list(caller, filter, after, size + 1),
            size,
            ToolProto::toProto,
            last -> scope.token(List.of(last.name())));
    return ListToolsResponse.newBuilder()
        .addAllTools(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private BatchGetToolsResponse batchGet(BatchGetToolsRequest request) {
    var refs = request.getToolsList().stream().map(ToolProto::ref).toList();
    var found = tools.find(Callers.current(), refs);
    var response = BatchGetToolsResponse.newBuilder();
    for (var i = 0; i < refs.size(); i++) {
      var tool = found.get(refs.get(i));
      if (tool == null) {
        response.addMissing(request.getTools(i));
      } else {
        response.addTools(ToolProto.toProto(tool));
      }
    }
    return response.build();
  }

  private Tool update(UpdateToolRequest request) {
    Attempt<dev.agentserver.settings.tool.Tool> attempt =
        Attempts.of(
            ToolServiceGrpc.getUpdateToolMethod(),
            request,
            ToolProto::toProto,
            ToolProto::fromProto);
    var id = UUID.fromString(MaskProto.required("tool.id", request.getTool().getId()));
    return ToolProto.toProto(
        tools.update(
            Callers.current(), attempt, id, request.getTool().getEtag(), ToolProto.edit(request)));
  }

  private Empty delete(DeleteToolRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            ToolServiceGrpc.getDeleteToolMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    tools.delete(
        Callers.current(), attempt, UUID.fromString(request.getToolId()), request.getEtag());
    return Empty.getDefaultInstance();
  }

  private ValidateToolInputResponse validate(ValidateToolInputRequest request) {
    if (request.getInput().getSerializedSize() > INPUT) {
      throw Problem.invalid("input", "must not have more than " + INPUT + " bytes");
    }
    var input = JsonProto.node(request.getInput(), "input");
    var id = UUID.fromString(request.getToolId());
    return ToolProto.toProto(tools.validate(Callers.current(), id, request.getVersion(), input));
  }
}
