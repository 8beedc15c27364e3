package dev.agentserver.settings.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import dev.agentserver.settings.registry.RegistryTest;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.UpdateToolRequest;
import dev.agentserver.settings.v1.ValidateToolInputRequest;
import dev.agentserver.settings.v1.ValidateToolInputResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Schemas and inputs that are not what they should be.
class ToolSchemaRpcTest extends RegistryTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"text\"}                                              | /type",
        "{\"properties\": {\"a\": {\"type\": 7}}}                          | /properties/a/type",
        "{\"properties\": {\"a\": {\"minimum\": \"x\"}}}                   | /properties/a/minimum",
        "{\"properties\": {\"a\": 5}}                                      | /properties/a",
        "{\"required\": \"city\"}                                          | /required",
        "{\"items\": {\"pattern\": \"(\"}}                                 | /items/pattern",
        "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/b\"}}}              | /properties/a/$ref",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}        | /$schema",
        "{\"$ref\": \"http://127.0.0.1:9/schema\"}                         | ''",
        "{\"$ref\": \"classpath:/logback.xml\"}                            | ''",
        "{\"$ref\": \"#\"}                                                 | ''"
      })
  void whatIsNoSchemaIsRefusedWithThePlace(String schema, String path) {
    for (var output : List.of(false, true)) {
      var field = output ? "tool.output_schema" : "tool.input_schema";
      var tool = Tool.newBuilder().setName("t");
      if (output) {
        tool.setOutputSchema(json(schema));
      } else {
        tool.setInputSchema(json(schema));
      }
      var violations = violations(tool);
      assertThat(violations).allMatch(each -> each.getField().equals(field));
      assertThat(violations)
          .anyMatch(each -> path.isEmpty() || each.getDescription().startsWith(path + ": "));
    }
  }

  @Test
  void aSchemaThatWouldBeAChangeIsRefusedTooAndNothingChanges() {
    var tool = tool(owner, Tool.newBuilder().setName("t"));
    var change =
        UpdateToolRequest.newBuilder()
            .setTool(
                Tool.newBuilder().setId(tool.getId()).setInputSchema(json("{\"type\": \"text\"}")))
            .build();
    var refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> tools(owner).updateTool(change));
    assertThat(details(refused)).extracting("field").containsOnly("tool.input_schema");
    assertThat(service.column("select schema_version from tool where id = '" + tool.getId() + "'"))
        .containsExactly("1");
  }

  @Test
  void aSchemaHasASizeAndADepth() {
    var large =
        Tool.newBuilder()
            .setName("t")
            .setInputSchema(json("{\"description\": \"" + "x".repeat(33_000) + "\"}"));
    assertThat(violations(large)).extracting("field").containsExactly("tool.input_schema");
    var deep =
        Struct.newBuilder()
            .putFields("not", Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
    for (var i = 0; i < 40; i++) {
      deep = Struct.newBuilder().putFields("not", Value.newBuilder().setStructValue(deep).build());
    }
    assertThat(violations(Tool.newBuilder().setName("t").setInputSchema(deep))).isNotEmpty();
  }

  @Test
  void anInputIsRefusedWithThePlace() {
    var tool =
        tool(
            owner,
            Tool.newBuilder()
                .setName("t")
                .setInputSchema(
                    json(
                        """
                        {"type": "object", "required": ["city"], "additionalProperties": false,
                         "properties": {
                           "city": {"type": "string", "minLength": 2},
                           "days": {"type": "integer", "maximum": 14},
                           "stops": {"type": "array", "items": {"$ref": "#/$defs/place"}}},
                         "$defs": {"place": {"type": "object", "required": ["name"],
                           "properties": {"name": {"type": "string"}, "~/": {"type": "null"}}}}}
                        """)));
    assertThat(paths(tool, "{\"city\": \"Rome\", \"days\": 3, \"stops\": [{\"name\": \"x\"}]}"))
        .isEmpty();
    assertThat(paths(tool, "{}")).containsExactly("");
    assertThat(paths(tool, "{\"city\": \"R\", \"days\": 3.5}"))
        .containsExactlyInAnyOrder("/city", "/days");
    assertThat(paths(tool, "{\"city\": \"Rome\", \"days\": 15}")).containsExactly("/days");
    assertThat(paths(tool, "{\"city\": \"Rome\", \"stops\": [{\"name\": \"x\"}, {\"name\": 1}]}"))
        .containsExactly("/stops/1/name");
    assertThat(paths(tool, "{\"city\": \"Rome\", \"stops\": [{}]}")).containsExactly("/stops/0");
    assertThat(paths(tool, "{\"city\": \"Rome\", \"stops\": [{\"name\": \"x\", \"~/\": 1}]}"))
        .containsExactly("/stops/0/~0~1");
    assertThat(paths(tool, "{\"city\": \"Rome\", \"sky\": 1}")).containsExactly("");
  }

  @Test
  void anInputIsValidatedByTheVersionThatIsNamed() {
    var tool =
        tool(owner, Tool.newBuilder().setName("t").setInputSchema(json("{\"required\": [\"a\"]}")));
    tools(owner)
        .updateTool(
            UpdateToolRequest.newBuilder()
                .setTool(
                    Tool.newBuilder()
                        .setId(tool.getId())
                        .setInputSchema(json("{\"required\": [\"b\"]}")))
                .build());
    var input = json("{\"a\": 1}");
    assertThat(validate(tool, 1, input).getViolationsCount()).isZero();
    var newest = validate(tool, 0, input);
    assertThat(newest.getViolationsCount()).isEqualTo(1);
    assertThat(newest.getVersion()).isEqualTo(2);
  }

  @Test
  void aPatternThatWouldTakeForEverEnds() {
    var tool =
        tool(
            owner,
            Tool.newBuilder()
                .setName("t")
                .setInputSchema(
                    json("{\"properties\": {\"a\": {\"pattern\": \"^(a+)+\\\\1b$\"}}}")));
    var violations =
        validate(tool, 0, json("{\"a\": \"" + "a".repeat(60) + "\"}")).getViolationsList();
    assertThat(violations).singleElement().extracting("message").asString().contains("too long");
  }

  @Test
  void aSchemaThatRecursesFollowsItsInput() {
    var tool =
        tool(
            owner,
            Tool.newBuilder()
                .setName("t")
                .setInputSchema(
                    json(
                        "{\"type\": \"object\", \"properties\": {\"next\": {\"$ref\": \"#\"}},"
                            + " \"additionalProperties\": false}")));
    assertThat(paths(tool, "{\"next\": {\"next\": {}}}")).isEmpty();
    assertThat(paths(tool, "{\"next\": {\"next\": {\"last\": 1}}}")).containsExactly("/next/next");
  }

  private ValidateToolInputResponse validate(Tool tool, int version, Struct input) {
    return tools(owner)
        .validateToolInput(
            ValidateToolInputRequest.newBuilder()
                .setToolId(tool.getId())
                .setVersion(version)
                .setInput(input)
                .build());
  }

  private List<String> paths(Tool tool, String input) {
    return validate(tool, 0, json(input)).getViolationsList().stream()
        .map(ValidateToolInputResponse.Violation::getPath)
        .toList();
  }

  private List<BadRequest.FieldViolation> violations(Tool.Builder tool) {
    return details(catchThrowableOfType(StatusRuntimeException.class, () -> tool(owner, tool)));
  }

  private static List<BadRequest.FieldViolation> details(StatusRuntimeException refused) {
    assertThat(refused).as("it must be refused").isNotNull();
    return StatusProto.fromThrowable(refused).getDetailsList().stream()
        .filter(any -> any.is(BadRequest.class))
        .map(
            any -> {
              try {
                return any.unpack(BadRequest.class);
              } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            })
        .flatMap(bad -> bad.getFieldViolationsList().stream())
        .toList();
  }
}
