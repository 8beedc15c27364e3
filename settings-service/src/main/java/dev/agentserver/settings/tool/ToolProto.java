package dev.agentserver.settings.tool;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.orEmpty;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import com.google.protobuf.Struct;
import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.tool.Tool.Attributes;
import dev.agentserver.settings.tool.Tool.Draft;
import dev.agentserver.settings.tool.Tool.Edited;
import dev.agentserver.settings.tool.Tool.Schemas;
import dev.agentserver.settings.tool.Tools.Validated;
import dev.agentserver.settings.v1.ToolReference;
import dev.agentserver.settings.v1.UpdateToolRequest;
import dev.agentserver.settings.v1.ValidateToolInputResponse;
import dev.agentserver.settings.v1.ValidateToolInputResponse.Violation;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Tools in the contract and in the domain.
final class ToolProto {
  private static final List<String> ALL =
      List.of("description", "input_schema", "output_schema", "category", "active");

  private static final int SCHEMA = 32 * 1024;

  private ToolProto() {}

  static Draft draft(dev.agentserver.settings.v1.Tool proto) {
    return new Draft(
        uuidOrNull(proto.getId()),
        uuidOrNull(proto.getIntegrationId()),
        MaskProto.required("tool.name", proto.getName()),
        attributes(proto),
        new Schemas(1, input(proto), output(proto)));
  }

  private static Attributes attributes(dev.agentserver.settings.v1.Tool proto) {
    return new Attributes(
        clean(proto.getDescription()),
        clean(proto.getCategory()),
        !proto.hasActive() || proto.getActive());
  }

  private static ToolSchema input(dev.agentserver.settings.v1.Tool proto) {
    return schema(proto.getInputSchema(), "tool.input_schema");
  }

  private static ToolSchema output(dev.agentserver.settings.v1.Tool proto) {
    return schema(proto.getOutputSchema(), "tool.output_schema");
  }

  private static ToolSchema schema(Struct struct, String field) {
    if (struct.getSerializedSize() > SCHEMA) {
      throw Problem.invalid(field, "must not have more than " + SCHEMA + " bytes");
    }
    return ToolSchema.checked(JsonProto.node(struct, field), field);
  }

  static Function<Tool, Edited> edit(UpdateToolRequest request) {
    var proto = request.getTool();
    var names = MaskProto.fields(request.getUpdateMask(), ALL, proto);
    var draft = attributes(proto);
    var input = names.contains("input_schema") ? input(proto) : null;
    var output = names.contains("output_schema") ? output(proto) : null;
    return current -> {
      MaskProto.same("tool.name", proto.getName(), current.name());
      MaskProto.same(
          "tool.integration_id", proto.getIntegrationId(), orEmpty(current.integrationId()));
      var old = current.attributes();
      return new Edited(
          new Attributes(
              names.contains("description") ? draft.description() : old.description(),
              names.contains("category") ? draft.category() : old.category(),
              names.contains("active") ? draft.active() : old.active()),
          new Schemas(
              current.schemas().version(),
              input == null ? current.schemas().input() : input,
              output == null ? current.schemas().output() : output));
    };
  }

  static dev.agentserver.settings.v1.Tool toProto(Tool tool) {
    return dev.agentserver.settings.v1.Tool.newBuilder()
        .setId(tool.id().toString())
        .setIntegrationId(orEmpty(tool.integrationId()))
        .setName(tool.name())
        .setDescription(tool.attributes().description())
        .setInputSchema(JsonProto.struct(tool.schemas().input().node()))
        .setOutputSchema(JsonProto.struct(tool.schemas().output().node()))
        .setCategory(tool.attributes().category())
        .setActive(tool.attributes().active())
        .setVersion(tool.schemas().version())
        .setCreatedAt(timestamp(tool.createdAt()))
        .setUpdatedAt(timestamp(tool.updatedAt()))
        .setEtag(tool.etag())
        .build();
  }

  /// A reply of before.
  static Tool fromProto(dev.agentserver.settings.v1.Tool proto) {
    return new Tool(
        UUID.fromString(proto.getId()),
        uuidOrNull(proto.getIntegrationId()),
        proto.getName(),
        attributes(proto),
        new Schemas(
            proto.getVersion(), stored(proto.getInputSchema()), stored(proto.getOutputSchema())),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  private static ToolSchema stored(Struct struct) {
    return ToolSchema.of(Json.write(JsonProto.node(struct, "")));
  }

  static ToolRef ref(ToolReference proto) {
    return new ToolRef(uuidOrNull(proto.getId()), proto.getName(), proto.getVersion());
  }

  static ValidateToolInputResponse toProto(Validated validated) {
    return ValidateToolInputResponse.newBuilder()
        .addAllViolations(
            validated.faults().stream()
                .map(
                    fault ->
                        Violation.newBuilder()
                            .setPath(fault.path())
                            .setMessage(fault.message())
                            .build())
                .toList())
        .setVersion(validated.version())
        .build();
  }
}
