package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.cleanOrNull;
import static dev.agentserver.conversation.message.ProtoText.orEmpty;
import static dev.agentserver.conversation.message.ProtoText.timestamp;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import com.google.protobuf.Struct;
import dev.agentserver.conversation.message.Message.Place;
import dev.agentserver.conversation.tree.Anchor;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.EditMessageRequest;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.RegenerateMessageRequest;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

/// Messages between the contract and the domain.
public final class MessageProto {
  private static final String STATE_PREFIX = "STATE_";

  private MessageProto() {}

  public static dev.agentserver.conversation.v1.Message toProto(Message message) {
    var proto =
        dev.agentserver.conversation.v1.Message.newBuilder()
            .setId(message.id().toString())
            .setConversationId(message.conversationId().toString())
            .setRole(toProto(message.role()))
            .setContent(message.content())
            .setState(
                dev.agentserver.conversation.v1.Message.State.valueOf(
                    STATE_PREFIX + message.state().name()))
            .setStateReason(message.stateReason())
            .setSeq(message.place().seq())
            .setBranchNo(message.place().branchNo())
            .setDepth(message.place().depth())
            .setAuthorId(
                message.authorId().equals(Message.NOBODY) ? "" : message.authorId().toString())
            .setClientMessageId(orEmpty(message.clientMessageId()))
            .setExternalId(orEmpty(message.externalId()))
            .putAllMetadata(message.metadata())
            .setCreatedAt(timestamp(message.createdAt()))
            .setUpdatedAt(timestamp(message.updatedAt()))
            .setEtag(Long.toString(message.version()));
    message.parts().forEach(part -> proto.addParts(PartProto.toProto(part)));
    message
        .attachments()
        .forEach(attachment -> proto.addAttachments(PartProto.toProto(attachment)));
    putOrigin(proto, message.origin());
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  public static Message fromProto(dev.agentserver.conversation.v1.Message proto) {
    return new Message(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getConversationId()),
        new Place(proto.getBranchNo(), proto.getDepth(), proto.getSeq()),
        role(proto.getRole()),
        State.valueOf(proto.getState().name().substring(STATE_PREFIX.length())),
        proto.getStateReason(),
        PartProto.parts("", "", proto.getPartsList()),
        proto.getSeq(),
        PartProto.attachments(proto.getAttachmentsList()),
        Objects.requireNonNullElse(uuidOrNull(proto.getAuthorId()), Message.NOBODY),
        new Origin(
            uuidOrNull(proto.getRunId()),
            uuidOrNull(proto.getAgentId()),
            proto.getModel(),
            proto.getFinishReason(),
            proto.hasInputTokens() ? proto.getInputTokens() : null,
            proto.hasOutputTokens() ? proto.getOutputTokens() : null,
            proto.hasRoutingDecision()
                ? ProtoText.json("routing_decision", proto.getRoutingDecision())
                : null),
        cleanOrNull(proto.getClientMessageId()),
        cleanOrNull(proto.getExternalId()),
        proto.getMetadataMap(),
        Long.parseLong(proto.getEtag()),
        ProtoText.instant("created_at", proto.getCreatedAt()),
        ProtoText.instant("updated_at", proto.getUpdatedAt()));
  }

  /// The drafts of a request, each knowing its path there.
  public static List<NewMessage> drafts(List<MessageDraft> drafts) {
    return IntStream.range(0, drafts.size())
        .mapToObj(i -> draft("messages[" + i + "].", drafts.get(i)))
        .toList();
  }

  /// A request for one message is a draft with the conversation beside it.
  static NewMessage draft(CreateMessageRequest request) {
    var draft =
        MessageDraft.newBuilder()
            .setId(request.getMessageId())
            .setRole(request.getRole())
            .setContent(request.getContent())
            .addAllParts(request.getPartsList())
            .addAllAttachments(request.getAttachmentsList())
            .setRunId(request.getRunId())
            .setAgentId(request.getAgentId())
            .setModel(request.getModel())
            .setFinishReason(request.getFinishReason())
            .setClientMessageId(request.getClientMessageId())
            .setExternalId(request.getExternalId())
            .setParentMessageId(request.getParentMessageId())
            .putAllMetadata(request.getMetadataMap());
    if (request.hasInputTokens()) {
      draft.setInputTokens(request.getInputTokens());
    }
    if (request.hasOutputTokens()) {
      draft.setOutputTokens(request.getOutputTokens());
    }
    if (request.hasRoutingDecision()) {
      draft.setRoutingDecision(request.getRoutingDecision());
    }
    if (request.hasCreatedAt()) {
      draft.setCreatedAt(request.getCreatedAt());
    }
    return draft("", draft.build());
  }

  /// What is said in place of another message, whose speaker is not known yet.
  public static NewMessage draft(EditMessageRequest request) {
    return draft(
        "",
        MessageDraft.newBuilder()
            .setRole(dev.agentserver.conversation.v1.Message.Role.user)
            .setContent(request.getContent())
            .addAllParts(request.getPartsList())
            .addAllAttachments(request.getAttachmentsList())
            .build());
  }

  /// An answer that is still to be written.
  public static NewMessage draft(RegenerateMessageRequest request) {
    return draft(
        BeginMessageRequest.newBuilder()
            .setRunId(request.getRunId())
            .setAgentId(request.getAgentId())
            .setModel(request.getModel())
            .build());
  }

  /// A message that is still to be written.
  public static NewMessage draft(BeginMessageRequest request) {
    var assistant =
        request.getRole() == dev.agentserver.conversation.v1.Message.Role.ROLE_UNSPECIFIED;
    var draft =
        MessageDraft.newBuilder()
            .setId(request.getMessageId())
            .setRole(
                assistant
                    ? dev.agentserver.conversation.v1.Message.Role.assistant
                    : request.getRole())
            .setRunId(request.getRunId())
            .setAgentId(request.getAgentId())
            .setModel(request.getModel())
            .setClientMessageId(request.getClientMessageId())
            .setExternalId(request.getExternalId())
            .setParentMessageId(request.getParentMessageId())
            .putAllMetadata(request.getMetadataMap());
    if (request.hasRoutingDecision()) {
      draft.setRoutingDecision(request.getRoutingDecision());
    }
    return draft("", draft.build()).streaming();
  }

  private static NewMessage draft(String prefix, MessageDraft draft) {
    var origin =
        new Origin(
            uuidOrNull(draft.getRunId()),
            uuidOrNull(draft.getAgentId()),
            clean(draft.getModel()),
            clean(draft.getFinishReason()),
            draft.hasInputTokens() ? draft.getInputTokens() : null,
            draft.hasOutputTokens() ? draft.getOutputTokens() : null,
            draft.hasRoutingDecision()
                ? ProtoText.json(prefix + "routing_decision", draft.getRoutingDecision())
                : null);
    return new NewMessage(
        prefix,
        uuidOrNull(draft.getId()),
        role(draft.getRole()),
        State.COMPLETE,
        PartProto.parts(prefix, draft.getContent(), draft.getPartsList()),
        PartProto.attachments(draft.getAttachmentsList()),
        origin,
        cleanOrNull(draft.getClientMessageId()),
        cleanOrNull(draft.getExternalId()),
        ProtoText.clean(draft.getMetadataMap()),
        uuidOrNull(draft.getAuthorId()),
        draft.hasCreatedAt()
            ? ProtoText.instant(prefix + "created_at", draft.getCreatedAt())
            : null,
        anchor(prefix, draft));
  }

  private static Anchor anchor(String prefix, MessageDraft draft) {
    var parent = uuidOrNull(draft.getParentMessageId());
    if (draft.getRoot() && parent != null) {
      throw Problem.invalid(prefix + "root", "must not be set beside parent_message_id");
    }
    if (draft.getRoot()) {
      return new Anchor.Root();
    }
    return parent == null ? new Anchor.Leaf() : new Anchor.Below(parent);
  }

  private static void putOrigin(
      dev.agentserver.conversation.v1.Message.Builder proto, Origin origin) {
    proto
        .setRunId(orEmpty(origin.runId()))
        .setAgentId(orEmpty(origin.agentId()))
        .setModel(origin.model())
        .setFinishReason(origin.finishReason());
    if (origin.inputTokens() != null) {
      proto.setInputTokens(origin.inputTokens());
    }
    if (origin.outputTokens() != null) {
      proto.setOutputTokens(origin.outputTokens());
    }
    if (origin.routingDecision() != null) {
      proto.setRoutingDecision(ProtoText.merge(origin.routingDecision(), Struct.newBuilder()));
    }
  }

  public static dev.agentserver.conversation.v1.Message.Role toProto(Role role) {
    return dev.agentserver.conversation.v1.Message.Role.valueOf(
        role.name().toLowerCase(Locale.ROOT));
  }

  public static Role role(dev.agentserver.conversation.v1.Message.Role role) {
    return Role.valueOf(role.name().toUpperCase(Locale.ROOT));
  }
}
