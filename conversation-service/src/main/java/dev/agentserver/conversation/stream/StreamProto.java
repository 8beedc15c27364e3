package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.timestamp;

import dev.agentserver.common.v1.ProviderUsage;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.PartProto;
import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.kit.json.JsonText;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/// The writing of messages between the contract and the domain.
final class StreamProto {
  private StreamProto() {}

  static List<Delta> deltas(AppendMessageRequest request) {
    return IntStream.range(0, request.getDeltasCount())
        .mapToObj(i -> delta("deltas[" + i + "].", request.getDeltas(i)))
        .toList();
  }

  private static Delta delta(String field, dev.agentserver.conversation.v1.Delta delta) {
    return new Delta(
        field,
        delta.getPart(),
        delta.getOffset(),
        clean(delta.getText()),
        delta.hasStart() ? PartProto.part(field + "start.", delta.getStart()) : null,
        delta.getDone(),
        clean(delta.getSignature()));
  }

  static Ending ending(CompleteMessageRequest request) {
    return new Ending(
        State.COMPLETE,
        "",
        clean(request.getFinishReason()),
        clean(request.getModel()),
        request.hasInputTokens() ? request.getInputTokens() : null,
        request.hasOutputTokens() ? request.getOutputTokens() : null,
        List.copyOf(request.getPartLengthsList()),
        request.getContentSha256(),
        request.hasUsage() ? usage(request.getUsage()) : null);
  }

  static Ending ending(FailMessageRequest request) {
    return Ending.failed(
        clean(request.getReason()), request.hasUsage() ? usage(request.getUsage()) : null);
  }

  private static Usage usage(ProviderUsage usage) {
    JsonText.check("usage.raw_usage", usage.getRawUsage());
    return new Usage(
        clean(usage.getProvider()),
        clean(usage.getModel()),
        clean(usage.getFlavor()),
        clean(usage.getTier()),
        clean(usage.getRegion()),
        usage.getBatch(),
        usage.getRawUsage(),
        usage.getPartial(),
        usage.getHoldId());
  }

  static AppendMessageResponse toProto(Progress progress) {
    return AppendMessageResponse.newBuilder()
        .addAllPartLengths(progress.partLengths())
        .setSeq(progress.seq())
        .setStopRequested(progress.stopped())
        .setWriterExpiresAt(timestamp(progress.writerExpiresAt()))
        .build();
  }

  static MessageStream toProto(Opened opened) {
    return MessageStream.newBuilder()
        .setMessage(MessageProto.toProto(opened.message()))
        .setWriterEpoch(opened.epoch())
        .setWriterExpiresAt(timestamp(opened.progress().writerExpiresAt()))
        .addAllPartLengths(opened.progress().partLengths())
        .build();
  }

  /// The inverse, for replaying a stored reply.
  static Opened fromProto(MessageStream stream) {
    return new Opened(
        MessageProto.fromProto(stream.getMessage()),
        stream.getWriterEpoch(),
        new Progress(
            List.copyOf(stream.getPartLengthsList()),
            stream.getWriterEpoch(),
            false,
            ProtoText.instant("writer_expires_at", stream.getWriterExpiresAt())));
  }

  /// The message of a call of its own, where the contract leaves it to a stream to name it.
  static UUID messageId(String id) {
    if (id.isEmpty()) {
      throw Problem.invalid("message_id", "is required");
    }
    return UUID.fromString(id);
  }

  static long epoch(long epoch) {
    if (epoch == 0) {
      throw Problem.invalid("writer_epoch", "is required");
    }
    return epoch;
  }
}
