package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.merge;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;

import com.google.protobuf.Struct;
import dev.agentserver.agentrun.v1.AgentTool;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunSession;
import dev.agentserver.agentrun.v1.RunTool;
import dev.agentserver.agentrun.v1.Session;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What comes with a lease, between the contract and the domain.
final class LeaseProto {
  private LeaseProto() {}

  /// The tools in the order of the agent's.
  static void equip(RunLease.Builder proto, Lease lease, AgentVersion agent) {
    var there =
        lease.tools().stream().collect(Collectors.toMap(Tools.Tool::id, Function.identity()));
    proto.setAgentVersion(agent);
    for (var allowed : agent.getConfig().getToolsList()) {
      var tool = there.get(UUID.fromString(allowed.getToolId()));
      if (tool != null) {
        proto.addTools(tool(tool, allowed));
      }
    }
    lease.omitted().forEach(id -> proto.addOmittedToolIds(id.toString()));
  }

  private static RunTool tool(Tools.Tool tool, AgentTool allowed) {
    var proto =
        RunTool.newBuilder()
            .setToolId(allowed.getToolId())
            .setName(tool.name())
            .setDescription(tool.description())
            .setVersion(tool.version())
            .setPermission(allowed.getPermission())
            .setIntegrationId(orEmpty(tool.integrationId()))
            .setInputSchema(merge(tool.inputSchema(), Struct.newBuilder()))
            .setOutputSchema(merge(tool.outputSchema(), Struct.newBuilder()));
    if (allowed.hasCustomConfig()) {
      proto.setCustomConfig(allowed.getCustomConfig());
    }
    return proto.build();
  }

  static void surround(RunLease.Builder proto, Lease.Surroundings surroundings) {
    proto.setPreviousExternalSessionId(orEmpty(surroundings.externalSessionId()));
    var session = surroundings.session();
    if (session != null) {
      proto.setSession(
          RunSession.newBuilder()
              .setType(Session.Type.valueOf("TYPE_" + session.type()))
              .setPhase(
                  session.phase() == null
                      ? Phase.PHASE_UNSPECIFIED
                      : Phase.valueOf("PHASE_" + session.phase()))
              .setWorkingDir(orEmpty(session.workingDir()))
              .setGitBranch(orEmpty(session.branch())));
    }
  }
}
