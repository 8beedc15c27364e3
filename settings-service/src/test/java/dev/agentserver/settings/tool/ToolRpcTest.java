package dev.agentserver.settings.tool;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.agentserver.settings.registry.RegistryTest;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.DeleteIntegrationRequest;
import dev.agentserver.settings.v1.DeleteToolRequest;
import dev.agentserver.settings.v1.GetToolRequest;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.ListToolsRequest;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolReference;
import dev.agentserver.settings.v1.UpdateToolRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ToolRpcTest extends RegistryTest {
  private static final Struct CITY =
      json(
          """
          {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
           "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 14}},
           "required": ["city"], "additionalProperties": false}
          """);

  @Test
  void whatWasMadeIsReadChangedAndDeleted() {
    var github = integration(owner, Integration.newBuilder().setName("github"));
    var made =
        tool(
            owner,
            Tool.newBuilder()
                .setIntegrationId(github.getId())
                .setName("get_weather")
                .setDescription("The weather of a city.")
                .setInputSchema(CITY)
                .setCategory("search"));
    assertThat(made.getVersion()).isEqualTo(1);
    assertThat(made.getActive()).isTrue();
    assertThat(made.getInputSchema()).isEqualTo(CITY);
    assertThat(made.getOutputSchema()).isEqualTo(Struct.getDefaultInstance());
    assertThat(get(made, 0)).isEqualTo(made);
    var changed = update(made.toBuilder().setDescription("What it is like outside."));
    assertThat(changed.getVersion()).isEqualTo(1);
    assertThat(changed.getEtag()).isEqualTo("2");
    assertThat(update(changed.toBuilder())).isEqualTo(changed);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> update(changed.toBuilder().setName("other")))
        .field("tool.name");
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> update(made.toBuilder().setCategory("x")));
    assertThat(audited(owner, "UpdateTool", made.getId())).hasSize(1);
    tools(owner).deleteTool(DeleteToolRequest.newBuilder().setToolId(made.getId()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(made, 0));
    assertThat(audited(owner, "DeleteTool", made.getId())).hasSize(1);
  }

  @Test
  void everyChangeOfASchemaIsAVersionAndNoneIsLost() {
    var first = tool(owner, Tool.newBuilder().setName("t").setInputSchema(CITY));
    var second = update(change(first, "{\"type\": \"object\", \"required\": [\"town\"]}"));
    assertThat(second.getVersion()).isEqualTo(2);
    var third =
        update(
            Tool.newBuilder().setId(first.getId()).setOutputSchema(json("{\"type\": \"string\"}")));
    assertThat(third.getVersion()).isEqualTo(3);
    assertThat(third.getInputSchema()).isEqualTo(second.getInputSchema());
    // The same schema written in another order is the same schema.
    assertThat(
            update(change(first, "{\"required\": [\"town\"], \"type\": \"object\"}")).getVersion())
        .isEqualTo(3);
    assertThat(get(first, 0).getVersion()).isEqualTo(3);
    assertThat(get(first, 1).getInputSchema()).isEqualTo(CITY);
    assertThat(get(first, 1).getVersion()).isEqualTo(1);
    assertThat(get(first, 2).getInputSchema()).isEqualTo(second.getInputSchema());
    assertThat(get(first, 2).getOutputSchema()).isEqualTo(Struct.getDefaultInstance());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(first, 4));
    assertThat(
            service.column(
                "select count(*) from tool_version where tool_id = '" + first.getId() + "'"))
        .containsExactly("3");
  }

  @Test
  void severalAreReadAtOnceAndThoseThatAreMissingAreNamed() {
    var one = tool(owner, Tool.newBuilder().setName("one"));
    var two = tool(owner, Tool.newBuilder().setName("two").setActive(false));
    var newer = update(change(two, "{\"type\": \"object\"}"));
    var nobody = ToolReference.newBuilder().setId(UUID.randomUUID().toString()).build();
    var unnamed = ToolReference.newBuilder().setName("three").build();
    var unversioned = ToolReference.newBuilder().setName("one").setVersion(9).build();
    var found =
        tools(owner)
            .batchGetTools(
                BatchGetToolsRequest.newBuilder()
                    .addTools(ToolReference.newBuilder().setName("two"))
                    .addTools(nobody)
                    .addTools(unnamed)
                    .addTools(ToolReference.newBuilder().setId(one.getId()))
                    .addTools(unversioned)
                    .addTools(ToolReference.newBuilder().setName("two").setVersion(1))
                    .build());
    assertThat(found.getToolsList()).extracting(Tool::getName).containsExactly("two", "one", "two");
    assertThat(found.getTools(0)).isEqualTo(newer);
    assertThat(found.getTools(2).getVersion()).isEqualTo(1);
    assertThat(found.getMissingList()).containsExactly(nobody, unnamed, unversioned);
    var tooMany = BatchGetToolsRequest.newBuilder();
    for (var i = 0; i < 101; i++) {
      tooMany.addTools(unnamed);
    }
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> tools(owner).batchGetTools(tooMany.build()));
  }

  @Test
  void whatIsReadComesOutOfTheMemory() {
    var tool = tool(owner, Tool.newBuilder().setName("t"));
    get(tool, 0);
    var request = ListToolsRequest.getDefaultInstance();
    // The second of a refresh in the background may fall in between.
    assertThat(
            service.statements(
                () -> {
                  for (var i = 0; i < 20; i++) {
                    get(tool, 0);
                    tools(owner).listTools(request);
                  }
                }))
        .isLessThan(20);
  }

  @Test
  void listsArePagedByNameAndFiltered() {
    var github = integration(owner, Integration.newBuilder().setName("github"));
    for (var name : List.of("c", "a", "b", "B")) {
      tool(owner, Tool.newBuilder().setName(name).setCategory("letters"));
    }
    tool(owner, Tool.newBuilder().setName("off").setActive(false));
    tool(owner, Tool.newBuilder().setName("pull").setIntegrationId(github.getId()));
    var all = List.of("B", "a", "b", "c", "pull");
    for (var size = 1; size <= all.size() + 1; size++) {
      assertThat(walk(ListToolsRequest.newBuilder().setPageSize(size))).isEqualTo(all);
    }
    assertThat(walk(ListToolsRequest.newBuilder().setIncludeInactive(true))).contains("off");
    assertThat(walk(ListToolsRequest.newBuilder().setCategory("letters")))
        .containsExactly("B", "a", "b", "c");
    assertThat(walk(ListToolsRequest.newBuilder().setIntegrationId(github.getId())))
        .containsExactly("pull");
  }

  @Test
  void aPageEndsAtTwoMebibytes() {
    var schema = json("{\"description\": \"" + "x".repeat(30_000) + "\"}");
    for (var i = 0; i < 40; i++) {
      tool(
          owner, Tool.newBuilder().setName("t" + i).setInputSchema(schema).setOutputSchema(schema));
    }
    var page = tools(owner).listTools(ListToolsRequest.newBuilder().setPageSize(200).build());
    assertThat(page.getToolsCount()).isBetween(30, 35);
    assertThat(page.getNextPageToken()).isNotEmpty();
    assertThat(walk(ListToolsRequest.newBuilder().setPageSize(200))).hasSize(40);
  }

  @Test
  void namesAreTakenOnceAndIntegrationsMustBeThere() {
    tool(owner, Tool.newBuilder().setName("t"));
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> tool(owner, Tool.newBuilder().setName("t")));
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () ->
                tool(
                    owner,
                    Tool.newBuilder().setName("u").setIntegrationId(UUID.randomUUID().toString())))
        .containsEntry("resource", "integration");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> tool(owner, Tool.newBuilder().setDescription("nameless")))
        .field("tool.name");
  }

  @Test
  void aDeletedIntegrationTakesItsToolsAlong() {
    var github = integration(owner, Integration.newBuilder().setName("github"));
    var tool = tool(owner, Tool.newBuilder().setName("pull").setIntegrationId(github.getId()));
    integrations(owner)
        .deleteIntegration(
            DeleteIntegrationRequest.newBuilder().setIntegrationId(github.getId()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(tool, 0));
    assertThat(walk(ListToolsRequest.newBuilder())).isEmpty();
  }

  @Test
  void whatIsAnotherTenantsIsNotThere() {
    var tool = tool(owner, Tool.newBuilder().setName("t"));
    var github = integration(owner, Integration.newBuilder().setName("github"));
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(tool, 0));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> update(change(tool, "{}")));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> tool(owner, Tool.newBuilder().setName("t").setIntegrationId(github.getId())));
    var found =
        tools(owner)
            .batchGetTools(
                BatchGetToolsRequest.newBuilder()
                    .addTools(ToolReference.newBuilder().setId(tool.getId()))
                    .addTools(ToolReference.newBuilder().setName("t"))
                    .build());
    assertThat(found.getMissingCount()).isEqualTo(2);
    assertThat(walk(ListToolsRequest.newBuilder().setIncludeInactive(true))).isEmpty();
  }

  private Tool get(Tool tool, int version) {
    return tools(owner)
        .getTool(GetToolRequest.newBuilder().setToolId(tool.getId()).setVersion(version).build());
  }

  private Tool update(Tool.Builder tool) {
    return tools(owner).updateTool(UpdateToolRequest.newBuilder().setTool(tool).build());
  }

  private static Tool.Builder change(Tool tool, String inputSchema) {
    return Tool.newBuilder().setId(tool.getId()).setInputSchema(json(inputSchema));
  }

  private List<String> walk(ListToolsRequest.Builder request) {
    var names = new ArrayList<String>();
    while (true) {
      var page = tools(owner).listTools(request.build());
      page.getToolsList().forEach(tool -> names.add(tool.getName()));
      if (page.getNextPageToken().isEmpty()) {
        return names;
      }
      request.setPageToken(page.getNextPageToken());
    }
  }
}
