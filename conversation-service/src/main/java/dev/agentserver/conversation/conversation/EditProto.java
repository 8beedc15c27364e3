package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.cleanOrNull;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/// The edits that an update request asks for, by its mask (AIP-134, AIP-161).
final class EditProto {
  private static final String METADATA_PAIR = "metadata.";
  private static final List<String> ALL =
      List.of("title", "model", "agent_id", "external_id", "metadata");

  private EditProto() {}

  static List<Edit> edits(UpdateConversationRequest request) {
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty()) {
      paths = populated(request.getConversation());
    } else if (paths.equals(List.of("*"))) {
      paths = ALL;
    }
    return paths.stream().map(path -> edit(path, request.getConversation())).toList();
  }

  private static Edit edit(String path, Conversation conversation) {
    return switch (path) {
      case "title" -> new Edit.Title(clean(conversation.getTitle()));
      case "model" -> new Edit.Model(clean(conversation.getModel()));
      case "agent_id" -> new Edit.Agent(uuidOrNull(conversation.getAgentId()));
      case "external_id" -> new Edit.ExternalId(cleanOrNull(conversation.getExternalId()));
      case "temporary" -> new Edit.Temporary(conversation.getTemporary());
      case "metadata" -> new Edit.Metadata(ProtoText.clean(conversation.getMetadataMap()));
      default -> {
        if (!path.startsWith(METADATA_PAIR) || path.length() == METADATA_PAIR.length()) {
          throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
        }
        var key = path.substring(METADATA_PAIR.length());
        var value = conversation.getMetadataMap().get(key);
        yield new Edit.MetadataPair(clean(key), value == null ? null : clean(value));
      }
    };
  }

  private static List<String> populated(Conversation conversation) {
    var paths = new ArrayList<String>();
    if (!conversation.getTitle().isEmpty()) {
      paths.add("title");
    }
    if (!conversation.getModel().isEmpty()) {
      paths.add("model");
    }
    if (!conversation.getAgentId().isEmpty()) {
      paths.add("agent_id");
    }
    if (!conversation.getExternalId().isEmpty()) {
      paths.add("external_id");
    }
    if (conversation.getMetadataCount() > 0) {
      paths.add("metadata");
    }
    return paths;
  }
}
