package dev.agentserver.agentrun.agent;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.FieldMaskUtil.MergeOptions;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.UpdateAgentRequest;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The change that an update request asks for, by its mask (AIP-134, AIP-161).
final class ChangeProto {
  private static final String CONFIG = "config";
  private static final String METADATA = "metadata";
  private static final int MAX_PAIRS = 16;
  private static final List<String> ALL =
      List.of(
          "name",
          "description",
          "icon",
          "category",
          "goal",
          "visibility",
          "state",
          "external_id",
          METADATA,
          CONFIG);

  /// Said by clients that send back the whole agent.
  private static final Set<String> KEPT = Set.of("template_id");

  private static final MergeOptions REPLACE =
      new MergeOptions()
          .setReplaceMessageFields(true)
          .setReplaceRepeatedFields(true)
          .setReplacePrimitiveFields(true);

  private ChangeProto() {}

  static Change of(UpdateAgentRequest request) {
    var sent = request.getAgent();
    var paths = paths(request.getUpdateMask(), sent);
    return current -> {
      var before = AgentProto.toProto(current);
      var after = merge(paths, sent, before.toBuilder());
      if (after.getName().isEmpty()) {
        throw Problem.invalid("agent.name", "must not be empty");
      }
      if (after.getMetadataCount() > MAX_PAIRS) {
        throw Problem.invalid("agent.metadata", "must have at most " + MAX_PAIRS + " pairs");
      }
      var config = AgentConfigProto.fromProto(after.getConfig());
      return new Change.Result(
          AgentProto.attributes(after),
          same(AgentConfigProto.toProto(config), before.getConfig()) ? null : config);
    };
  }

  /// Whether they say the same; the integrations of tools are nothing that is said.
  private static boolean same(AgentConfig one, AgentConfig other) {
    return bare(one).equals(bare(other));
  }

  private static AgentConfig bare(AgentConfig config) {
    var bare = config.toBuilder();
    bare.getToolsBuilderList().forEach(tool -> tool.clearIntegrationId());
    return bare.build();
  }

  private static Agent merge(List<String> paths, Agent sent, Agent.Builder agent) {
    var mask = FieldMask.newBuilder();
    for (var path : paths) {
      if (path.startsWith(METADATA + ".")) {
        var key = path.substring(METADATA.length() + 1);
        var value = sent.getMetadataMap().get(key);
        if (value == null) {
          agent.removeMetadata(key);
        } else {
          agent.putMetadata(key, value);
        }
      } else {
        mask.addPaths(path);
      }
    }
    FieldMaskUtil.merge(mask.build(), sent, agent, REPLACE);
    return agent.build();
  }

  private static List<String> paths(FieldMask mask, Agent sent) {
    if (mask.getPathsList().equals(List.of("*"))) {
      return ALL;
    }
    if (mask.getPathsCount() == 0) {
      var set = new ArrayList<String>();
      set(sent).stream()
          .filter(ALL::contains)
          .filter(name -> !name.equals(CONFIG))
          .forEach(set::add);
      set(sent.getConfig()).forEach(name -> set.add(CONFIG + "." + name));
      return set;
    }
    var paths = new ArrayList<String>();
    for (var path : mask.getPathsList()) {
      if (KEPT.contains(path)) {
        continue;
      }
      if (!changeable(path)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
      paths.add(path);
    }
    return paths;
  }

  private static boolean changeable(String path) {
    return ALL.contains(path)
        || (path.startsWith(METADATA + ".") && path.length() > METADATA.length() + 1)
        || (path.startsWith(CONFIG + ".")
            && isField(AgentConfig.getDescriptor(), path.substring(CONFIG.length() + 1)));
  }

  private static boolean isField(Descriptor type, String name) {
    return type.findFieldByName(name) != null;
  }

  private static List<String> set(Message message) {
    return message.getAllFields().keySet().stream().map(field -> field.getName()).toList();
  }
}
