package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message on its way out of a source.
final class Draft {
  private static final int MODEL = 255;
  private static final int FINISH_REASON = 64;

  private final MessageDraft.Builder message = MessageDraft.newBuilder();
  private final List<Part> parts = new ArrayList<>();

  Draft(UUID id, String oldId) {
    message.setId(id.toString());
    if (!oldId.equals(id.toString())) {
      message.putMetadata(Kept.ID, Texts.beginning(Texts.clean(oldId), 512));
    }
  }

  Draft role(Role role) {
    message.setRole(role);
    return this;
  }

  Draft at(@Nullable Instant time) {
    if (time != null) {
      message.setCreatedAt(Fields.timestamp(time));
    }
    return this;
  }

  Draft model(String model) {
    message.setModel(Texts.beginning(Texts.clean(model), MODEL));
    return this;
  }

  Draft finishReason(String reason) {
    message.setFinishReason(Texts.beginning(Texts.clean(reason), FINISH_REASON));
    return this;
  }

  Draft mark(String name, String value) {
    message.putMetadata(Kept.PREFIX + name, Texts.beginning(Texts.clean(value), 512));
    return this;
  }

  /// Adds text; an empty one says nothing.
  Draft text(String text) {
    if (!text.isEmpty()) {
      parts.add(Part.newBuilder().setText(Texts.clean(text)).build());
    }
    return this;
  }

  Draft reasoning(String text, String signature) {
    return part(
        Part.newBuilder()
            .setReasoning(
                ReasoningPart.newBuilder()
                    .setText(Texts.clean(text))
                    .setSignature(Texts.clean(signature)))
            .build());
  }

  Draft part(Part part) {
    parts.add(part);
    return this;
  }

  Turn turn(@Nullable UUID parent, String source, ObjectNode left) {
    var all = new ArrayList<>(parts);
    if (!left.isEmpty()) {
      all.add(Kept.part(source, left));
    }
    return new Turn(parent, message.addAllParts(all).build());
  }
}
