package dev.agentserver.agentrun.agent.template;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.FieldMask;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.FieldMaskUtil.MergeOptions;
import dev.agentserver.agentrun.agent.AgentConfigProto;
import dev.agentserver.agentrun.agent.template.Template.Attributes;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.AgentTemplate;
import dev.agentserver.agentrun.v1.UpdateAgentTemplateRequest;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Templates between the contract and the domain.
public final class TemplateProto {
  private static final String FIELD = "agent_template";
  private static final int MAX_BYTES = 1024 * 1024;

  /// A template that was made for somebody else's reply has no tenant; nobody asks for it there.
  private static final UUID NO_TENANT = new UUID(0, 0);

  private static final List<String> FIELDS =
      List.of(
          "name",
          "role",
          "purpose",
          "icon",
          "category",
          "active",
          "shared",
          "required_integrations",
          "capabilities",
          "steps");

  private static final MergeOptions REPLACE =
      new MergeOptions()
          .setReplaceMessageFields(true)
          .setReplaceRepeatedFields(true)
          .setReplacePrimitiveFields(true);

  private TemplateProto() {}

  static Attributes attributes(AgentTemplate proto) {
    if (proto.getSerializedSize() > MAX_BYTES) {
      throw Problem.invalid(FIELD, "must be at most 1 MiB");
    }
    return new Attributes(
        clean(proto.getName()),
        clean(proto.getRole()),
        clean(proto.getPurpose()),
        clean(proto.getIcon()),
        clean(proto.getCategory()),
        !proto.hasActive() || proto.getActive(),
        proto.getShared(),
        texts(proto.getRequiredIntegrationsList()),
        texts(proto.getCapabilitiesList()),
        AgentConfigProto.steps(FIELD, proto.getStepsList()));
  }

  /// Each once: two that differed in a NUL only may be the same now.
  private static List<String> texts(List<String> texts) {
    return texts.stream().map(ProtoText::clean).distinct().toList();
  }

  /// The change that an update request asks for, by its mask (AIP-134, AIP-161).
  static UnaryOperator<Attributes> change(UpdateAgentTemplateRequest request) {
    var sent = request.getAgentTemplate();
    List<String> asked = request.getUpdateMask().getPathsList();
    if (asked.isEmpty()) {
      var set = sent.getAllFields().keySet().stream().map(field -> field.getName()).toList();
      asked = set.stream().filter(FIELDS::contains).toList();
    } else if (asked.equals(List.of("*"))) {
      asked = FIELDS;
    }
    for (var path : asked) {
      if (!FIELDS.contains(path)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    var mask = FieldMask.newBuilder().addAllPaths(asked).build();
    return current -> {
      var before = toProto(current).build();
      var after = before.toBuilder();
      FieldMaskUtil.merge(mask, sent, after, REPLACE);
      var changed = attributes(after.build());
      return toProto(changed).build().equals(before) ? current : changed;
    };
  }

  private static AgentTemplate.Builder toProto(Attributes attributes) {
    return AgentTemplate.newBuilder()
        .setName(attributes.name())
        .setRole(attributes.role())
        .setPurpose(attributes.purpose())
        .setIcon(attributes.icon())
        .setCategory(attributes.category())
        .setActive(attributes.active())
        .setShared(attributes.shared())
        .addAllRequiredIntegrations(attributes.integrations())
        .addAllCapabilities(attributes.capabilities())
        .addAllSteps(AgentConfigProto.steps(attributes.steps()));
  }

  public static AgentTemplate toProto(Template template) {
    return toProto(template.attributes())
        .setId(template.id().toString())
        .setUsageCount(template.usageCount())
        .setCreatedAt(timestamp(template.createdAt()))
        .setUpdatedAt(timestamp(template.updatedAt()))
        .setEtag(template.etag())
        .build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  public static Template fromProto(AgentTemplate proto) {
    return new Template(
        NO_TENANT,
        UUID.fromString(proto.getId()),
        attributes(proto),
        proto.getUsageCount(),
        Long.parseLong(proto.getEtag()),
        instant("created_at", proto.getCreatedAt()),
        instant("updated_at", proto.getUpdatedAt()));
  }
}
