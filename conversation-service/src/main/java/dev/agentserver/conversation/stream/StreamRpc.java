package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;
import static dev.agentserver.conversation.stream.StreamProto.epoch;
import static dev.agentserver.conversation.stream.StreamProto.messageId;

import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.stream.Session.News;
import dev.agentserver.conversation.stream.Session.Step;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.RegenerateMessageRequest;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// MessageStreamService: translation between the contract and [MessageStreams].
public final class StreamRpc implements BindableService {
  private final MessageStreams streams;
  private final Sessions sessions;

  StreamRpc(MessageStreams streams, Sessions sessions) {
    this.streams = streams;
    this.sessions = sessions;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(MessageStreamServiceGrpc.getServiceDescriptor())
        .unary(MessageStreamServiceGrpc.getBeginMessageMethod(), this::begin)
        .unary(MessageStreamServiceGrpc.getRegenerateMessageMethod(), this::regenerate)
        .unary(MessageStreamServiceGrpc.getAppendMessageMethod(), this::append)
        .unary(MessageStreamServiceGrpc.getCompleteMessageMethod(), this::complete)
        .unary(MessageStreamServiceGrpc.getFailMessageMethod(), this::fail)
        .unary(MessageStreamServiceGrpc.getTakeOverMessageMethod(), this::takeOver)
        .unary(MessageStreamServiceGrpc.getStopMessageMethod(), this::stop)
        .bidiStream(MessageStreamServiceGrpc.getStreamMessageMethod(), this::stream)
        .build();
  }

  private MessageStream begin(BeginMessageRequest request) {
    return StreamProto.toProto(
        streams.begin(
            Callers.current(),
            attempt(request),
            UUID.fromString(request.getConversationId()),
            uuidOrNull(request.getExpectedLeafId()),
            MessageProto.draft(request)));
  }

  private static Attempt<Opened> attempt(BeginMessageRequest request) {
    return Attempts.of(
        MessageStreamServiceGrpc.getBeginMessageMethod(),
        request,
        StreamProto::toProto,
        StreamProto::fromProto);
  }

  private MessageStream regenerate(RegenerateMessageRequest request) {
    var attempt =
        Attempts.<RegenerateMessageRequest, MessageStream, Opened>of(
            MessageStreamServiceGrpc.getRegenerateMessageMethod(),
            request,
            StreamProto::toProto,
            StreamProto::fromProto);
    return StreamProto.toProto(
        streams.regenerate(
            Callers.current(),
            attempt,
            UUID.fromString(request.getMessageId()),
            MessageProto.draft(request)));
  }

  private AppendMessageResponse append(AppendMessageRequest request) {
    return StreamProto.toProto(
        streams.append(
            Callers.current(),
            messageId(request.getMessageId()),
            epoch(request.getWriterEpoch()),
            StreamProto.deltas(request)));
  }

  private Message complete(CompleteMessageRequest request) {
    return MessageProto.toProto(
        streams.end(
            Callers.current(),
            messageId(request.getMessageId()),
            epoch(request.getWriterEpoch()),
            StreamProto.ending(request)));
  }

  private Message fail(FailMessageRequest request) {
    return MessageProto.toProto(
        streams.end(
            Callers.current(),
            messageId(request.getMessageId()),
            epoch(request.getWriterEpoch()),
            StreamProto.ending(request)));
  }

  private MessageStream takeOver(TakeOverMessageRequest request) {
    var attempt =
        Attempts.<TakeOverMessageRequest, MessageStream, Opened>of(
            MessageStreamServiceGrpc.getTakeOverMessageMethod(),
            request,
            StreamProto::toProto,
            StreamProto::fromProto);
    return StreamProto.toProto(
        streams.takeOver(Callers.current(), attempt, UUID.fromString(request.getMessageId())));
  }

  private Message stop(StopMessageRequest request) {
    return MessageProto.toProto(
        streams.stop(Callers.current(), UUID.fromString(request.getMessageId())));
  }

  private void stream(
      Receiver<StreamMessageRequest> requests, Sender<StreamMessageResponse> replies) {
    sessions.run(
        Callers.current(),
        () -> requests.next().map(StreamRpc::step),
        news -> replies.send(toProto(news)));
  }

  private static Step step(StreamMessageRequest request) {
    return switch (request.getStepCase()) {
      case BEGIN -> {
        var begin = request.getBegin();
        yield new Step.Begin(
            attempt(begin),
            UUID.fromString(begin.getConversationId()),
            uuidOrNull(begin.getExpectedLeafId()),
            MessageProto.draft(begin));
      }
      case RESUME ->
          new Step.Resume(
              UUID.fromString(request.getResume().getMessageId()),
              request.getResume().getWriterEpoch());
      case APPEND -> {
        var append = request.getAppend();
        unnamed("append", append.getMessageId(), append.getWriterEpoch());
        yield new Step.Add(StreamProto.deltas(append));
      }
      case COMPLETE -> {
        var complete = request.getComplete();
        unnamed("complete", complete.getMessageId(), complete.getWriterEpoch());
        yield new Step.End(StreamProto.ending(complete));
      }
      case FAIL -> {
        var fail = request.getFail();
        unnamed("fail", fail.getMessageId(), fail.getWriterEpoch());
        yield new Step.End(StreamProto.ending(fail));
      }
      case STEP_NOT_SET -> throw Problem.invalid("step", "is required");
    };
  }

  /// The stream has named its message and its writer already.
  private static void unnamed(String step, String messageId, long epoch) {
    if (!messageId.isEmpty()) {
      throw Problem.invalid(step + ".message_id", "must be empty inside a stream");
    }
    if (epoch != 0) {
      throw Problem.invalid(step + ".writer_epoch", "must be 0 inside a stream");
    }
  }

  private static StreamMessageResponse toProto(News news) {
    var response = StreamMessageResponse.newBuilder();
    switch (news) {
      case News.Began(var opened) -> response.setOpened(StreamProto.toProto(opened));
      case News.Durable(var progress) -> response.setAcknowledged(StreamProto.toProto(progress));
      case News.Ended(var message) -> response.setEnded(MessageProto.toProto(message));
    }
    return response.build();
  }
}
