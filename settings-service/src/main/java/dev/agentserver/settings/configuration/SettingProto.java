package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.configuration.Configuration.State;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.Definition.Draft;
import dev.agentserver.settings.definition.SettingType;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.v1.Config;
import dev.agentserver.settings.v1.SettingChange;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingLayer;
import java.util.List;

/// Translates settings and their definitions to the contract's and back.
final class SettingProto {
  private static final String TYPE = "SETTING_TYPE_";

  private SettingProto() {}

  static Draft draft(SettingDefinition proto) {
    if (proto.getType() == dev.agentserver.settings.v1.SettingType.SETTING_TYPE_UNSPECIFIED) {
      throw Problem.invalid("definition.type", "must be given");
    }
    return new Draft(
        proto.getKey(),
        SettingType.valueOf(proto.getType().name().substring(TYPE.length())),
        clean(proto.getSchema()),
        proto.hasDefaultValue() ? clean(proto.getDefaultValue()) : null,
        clean(proto.getDescription()),
        !proto.getInactive(),
        proto.getSensitive(),
        proto.getPublic());
  }

  static SettingDefinition toProto(Definition definition) {
    var draft = definition.draft();
    var proto =
        SettingDefinition.newBuilder()
            .setKey(draft.key())
            .setType(type(draft.type()))
            .setSchema(draft.schema())
            .setDescription(draft.description())
            .setInactive(!draft.active())
            .setSensitive(draft.sensitive())
            .setPublic(draft.isPublic())
            .setService(definition.service())
            .setVariable(definition.variable())
            .setCreatedAt(timestamp(definition.createdAt()))
            .setUpdatedAt(timestamp(definition.updatedAt()))
            .setEtag(definition.etag());
    if (draft.fallback() != null) {
      proto.setDefaultValue(draft.fallback());
    }
    return proto.build();
  }

  /// The inverse, for replaying a stored reply.
  static Definition fromProto(SettingDefinition proto) {
    return new Definition(
        draft(proto),
        proto.getService(),
        Long.parseLong(proto.getEtag()),
        0,
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  private static dev.agentserver.settings.v1.SettingType type(SettingType type) {
    return dev.agentserver.settings.v1.SettingType.valueOf(TYPE + type.name());
  }

  static dev.agentserver.settings.v1.Setting toProto(Setting setting) {
    var proto =
        dev.agentserver.settings.v1.Setting.newBuilder()
            .setKey(setting.key())
            .setType(type(setting.type()))
            .setLayer(layer(setting.layer()))
            .setRevision(setting.revision())
            .setSensitive(setting.sensitive())
            .setPlatform(setting.platform());
    if (setting.text() != null) {
      proto.setValue(setting.text());
    }
    if (setting.fingerprint() != null) {
      proto.setFingerprint(setting.fingerprint());
    }
    return proto.build();
  }

  static SettingLayer layer(Setting.Layer layer) {
    return switch (layer) {
      case NONE -> SettingLayer.SETTING_LAYER_UNSPECIFIED;
      case PROCESS -> SettingLayer.SETTING_LAYER_PROCESS;
      case ENVIRONMENT -> SettingLayer.SETTING_LAYER_ENVIRONMENT;
      case ALL -> SettingLayer.SETTING_LAYER_ALL;
      case DEFAULT -> SettingLayer.SETTING_LAYER_DEFAULT;
    };
  }

  static Config toProto(State state, String environment) {
    return Config.newBuilder()
        .setRevision(state.revision())
        .setEnvironment(environment.isEmpty() ? Item.ALL : environment)
        .addAllSettings(state.settings().stream().map(SettingProto::toProto).toList())
        .build();
  }

  static List<ValueChange> changes(List<SettingChange> changes) {
    return changes.stream()
        .map(
            change ->
                new ValueChange(
                    Item.value(clean(change.getKey()), change.getEnvironment()),
                    change.hasValue() ? clean(change.getValue()) : null))
        .toList();
  }
}
