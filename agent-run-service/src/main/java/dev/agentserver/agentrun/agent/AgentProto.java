package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import dev.agentserver.agentrun.agent.Agent.State;
import dev.agentserver.agentrun.agent.Agent.UserState;
import dev.agentserver.agentrun.agent.Agent.Version;
import dev.agentserver.agentrun.agent.Agent.Visibility;
import dev.agentserver.agentrun.agent.template.TemplateProto;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.AgentUserState;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.agentrun.v1.ListAgentsRequest;
import java.util.UUID;

/// Agents between the contract and the domain.
public final class AgentProto {
  private static final String VISIBILITY = "VISIBILITY_";
  private static final String STATE = "STATE_";

  private AgentProto() {}

  public static NewAgent draft(dev.agentserver.agentrun.v1.Agent proto) {
    return new NewAgent(
        uuidOrNull(proto.getId()),
        uuidOrNull(proto.getTemplateId()),
        attributes(proto),
        AgentConfigProto.fromProto(proto.getConfig()));
  }

  static Attributes attributes(dev.agentserver.agentrun.v1.Agent proto) {
    return new Attributes(
        clean(proto.getName()),
        clean(proto.getDescription()),
        clean(proto.getIcon()),
        clean(proto.getCategory()),
        clean(proto.getGoal()),
        proto.getVisibility() == dev.agentserver.agentrun.v1.Agent.Visibility.VISIBILITY_UNSPECIFIED
            ? Visibility.PRIVATE
            : Visibility.valueOf(proto.getVisibility().name().substring(VISIBILITY.length())),
        proto.getState() == dev.agentserver.agentrun.v1.Agent.State.STATE_UNSPECIFIED
            ? State.ACTIVE
            : State.valueOf(proto.getState().name().substring(STATE.length())),
        cleanOrNull(proto.getExternalId()),
        ProtoText.clean(proto.getMetadataMap()));
  }

  static AgentFilter filter(ListAgentsRequest request) {
    return new AgentFilter(
        request.getState() == dev.agentserver.agentrun.v1.Agent.State.STATE_UNSPECIFIED
            ? null
            : State.valueOf(request.getState().name().substring(STATE.length())),
        cleanOrNull(request.getCategory()),
        uuidOrNull(request.getTemplateId()),
        uuidOrNull(request.getOwnerId()),
        request.hasFavorite() ? request.getFavorite() : null,
        cleanOrNull(request.getNameContains()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()));
  }

  public static dev.agentserver.agentrun.v1.Agent toProto(Agent agent) {
    var attributes = agent.attributes();
    var proto =
        dev.agentserver.agentrun.v1.Agent.newBuilder()
            .setId(agent.id().toString())
            .setName(attributes.name())
            .setDescription(attributes.description())
            .setIcon(attributes.icon())
            .setCategory(attributes.category())
            .setGoal(attributes.goal())
            .setVisibility(
                dev.agentserver.agentrun.v1.Agent.Visibility.valueOf(
                    VISIBILITY + attributes.visibility().name()))
            .setState(
                dev.agentserver.agentrun.v1.Agent.State.valueOf(STATE + attributes.state().name()))
            .setConfig(AgentConfigProto.toProto(agent.config()))
            .setCurrentVersion(agent.currentVersion())
            .setOwnerId(orEmpty(agent.ownerId()))
            .setTemplateId(orEmpty(agent.templateId()))
            .setExecutionCount(agent.executionCount())
            .setUserState(toProto(agent.userState()))
            .setExternalId(orEmpty(attributes.externalId()))
            .putAllMetadata(attributes.metadata())
            .setCreatedAt(timestamp(agent.createdAt()))
            .setUpdatedAt(timestamp(agent.updatedAt()))
            .setEtag(agent.etag());
    if (agent.template() != null) {
      proto.setTemplate(TemplateProto.toProto(agent.template()));
    }
    if (agent.lastUsedAt() != null) {
      proto.setLastUsedAt(timestamp(agent.lastUsedAt()));
    }
    return proto.build();
  }

  private static AgentUserState toProto(UserState state) {
    var proto =
        AgentUserState.newBuilder().setFavorite(state.favorite()).setUseCount(state.useCount());
    if (state.lastUsedAt() != null) {
      proto.setLastUsedAt(timestamp(state.lastUsedAt()));
    }
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  public static Agent fromProto(dev.agentserver.agentrun.v1.Agent proto) {
    var user = proto.getUserState();
    return new Agent(
        UUID.fromString(proto.getId()),
        uuidOrNull(proto.getOwnerId()),
        uuidOrNull(proto.getTemplateId()),
        proto.hasTemplate() ? TemplateProto.fromProto(proto.getTemplate()) : null,
        attributes(proto),
        AgentConfigProto.fromProto(proto.getConfig()),
        proto.getCurrentVersion(),
        proto.getExecutionCount(),
        proto.hasLastUsedAt() ? instant("last_used_at", proto.getLastUsedAt()) : null,
        new UserState(
            user.getFavorite(),
            user.hasLastUsedAt() ? instant("last_used_at", user.getLastUsedAt()) : null,
            user.getUseCount()),
        Long.parseLong(proto.getEtag().split("\\.", 2)[0]),
        instant("created_at", proto.getCreatedAt()),
        instant("updated_at", proto.getUpdatedAt()));
  }

  /// What a run keeps to.
  public static AgentVersion toProto(PinnedAgent agent) {
    return AgentVersion.newBuilder()
        .setAgentId(agent.agentId().toString())
        .setVersion(agent.version())
        .setConfig(AgentConfigProto.toProto(agent.config()))
        .build();
  }

  static AgentVersion toProto(Version version) {
    return AgentVersion.newBuilder()
        .setAgentId(version.agentId().toString())
        .setVersion(version.version())
        .setConfig(AgentConfigProto.toProto(version.config()))
        .setAuthorId(orEmpty(version.authorId()))
        .setCreatedAt(timestamp(version.createdAt()))
        .build();
  }
}
