package dev.agentserver.settings.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.RunGrant;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.CreateToolRequest;
import dev.agentserver.settings.v1.GetToolRequest;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.ListToolsRequest;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolReference;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import dev.agentserver.settings.v1.ToolServiceGrpc.ToolServiceBlockingStub;
import dev.agentserver.settings.v1.ValidateToolInputRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Which tools a run sees: those that its agent enables, as long as its lease is live.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunToolsTest {
  private static final List<String> READ = List.of("tool:read");

  private AgentRuns runs;
  private Live service;
  private Live.Tenant tenant;
  private Tool named;
  private Tool other;

  @BeforeAll
  void start() {
    runs = new AgentRuns();
    service = new Live(Map.of("PORT", "0", "AGENT_RUN_TARGET", runs.target()));
    runs.trust(service);
    tenant = service.tenant();
    named = tool("named");
    other = tool("other");
  }

  @AfterAll
  void stop() {
    service.close();
    runs.close();
  }

  private Tool tool(String name) {
    var schema =
        Struct.newBuilder().putFields("type", Value.newBuilder().setStringValue("object").build());
    var draft = Tool.newBuilder().setName(name).setInputSchema(schema);
    return as(service.token(tenant.ownerKey()))
        .createTool(CreateToolRequest.newBuilder().setTool(draft).setRequestId(name).build());
  }

  private ToolServiceBlockingStub as(String token) {
    return ToolServiceGrpc.newBlockingStub(service.as(token));
  }

  /// A run of the tenant's owner with a live lease, whose agent enables these tools.
  private ToolServiceBlockingStub run(String runId, List<String> permissions, Tool... enabled) {
    var grant = RunGrant.newBuilder().setUserId(tenant.ownerId().toString());
    List.of(enabled).forEach(tool -> grant.addToolIds(tool.getId()));
    runs.lease(tenant.id().toString(), runId, 1, grant);
    var request =
        IssueRunTokenRequest.newBuilder()
            .setTenantId(tenant.id().toString())
            .setUserId(tenant.ownerId().toString())
            .setRunId(runId)
            .setLeaseEpoch(1)
            .addAllPermissions(permissions)
            .build();
    return as(
        RunTokenServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
            .issueRunToken(request)
            .getToken());
  }

  private static GetToolRequest get(Tool tool) {
    return GetToolRequest.newBuilder().setToolId(tool.getId()).build();
  }

  private static ValidateToolInputRequest validate(Tool tool) {
    return ValidateToolInputRequest.newBuilder().setToolId(tool.getId()).build();
  }

  private static ToolReference reference(Tool tool) {
    return ToolReference.newBuilder().setId(tool.getId()).build();
  }

  @Test
  void aRunSeesTheToolsThatItsAgentEnablesAndNoOthers() {
    var run = run(UUID.randomUUID().toString(), READ, named);
    var asked = runs.callers().size();
    assertThat(run.getTool(get(named))).isEqualTo(named);
    assertThat(run.validateToolInput(validate(named)).getViolationsList()).isEmpty();
    var byName = ToolReference.newBuilder().setName(other.getName()).build();
    var found =
        run.batchGetTools(
            BatchGetToolsRequest.newBuilder()
                .addTools(reference(other))
                .addTools(reference(named))
                .addTools(byName)
                .build());
    assertThat(found.getToolsList()).containsExactly(named);
    assertThat(found.getMissingList()).containsExactly(reference(other), byName);
    assertThat(runs.callers().subList(asked, runs.callers().size()))
        .as("agent-run-service is asked once a call, by a service")
        .hasSize(3)
        .allMatch(caller -> caller.kind() == Kind.SERVICE);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> run.getTool(get(other)));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> run.validateToolInput(validate(other)));
  }

  @Test
  void aRunReadsNothingElseOfTheRegistryAndNothingWithoutTheRight() {
    var run = run(UUID.randomUUID().toString(), List.of("tool:read", "tool:write"), named);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> run.listTools(ListToolsRequest.getDefaultInstance()));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            run.createTool(
                CreateToolRequest.newBuilder().setTool(Tool.newBuilder().setName("new")).build()));
    var unable = run(UUID.randomUUID().toString(), List.of("run:read"), named);
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> unable.getTool(get(named)));
  }

  @Test
  void afterTheLeaseNoToolIsRead() {
    var runId = UUID.randomUUID().toString();
    var run = run(runId, READ, named);
    assertThat(run.getTool(get(named))).isEqualTo(named);
    runs.end(tenant.id().toString(), runId);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> run.getTool(get(named)));
    assertProblem(
        Code.FAILED_PRECONDITION,
        "LEASE_LOST",
        () -> run.batchGetTools(BatchGetToolsRequest.getDefaultInstance()));
  }
}
