package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.ResumeMessage;
import dev.agentserver.conversation.v1.StreamMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;

/// Writes by StreamMessage: several steps are under way before the first is acknowledged.
record ByStream(int piecesAtOnce, int stepsAhead) implements Author.Way {
  @Override
  public String write(Author author) throws StatusException, InterruptedException {
    var call = author.user().grpc().open(MessageStreamServiceGrpc.getStreamMessageMethod());
    try {
      var resume =
          ResumeMessage.newBuilder().setMessageId(author.message()).setWriterEpoch(author.epoch());
      send(call, StreamMessageRequest.newBuilder().setResume(resume));
      author.manuscript().stored(read(call).getOpened().getPartLengthsList());
      writeAll(author, call);
      var complete = author.complete().clearMessageId().clearWriterEpoch();
      send(call, StreamMessageRequest.newBuilder().setComplete(complete));
      var answer = read(call);
      while (!answer.hasEnded()) {
        answer = read(call);
      }
      return answer.getEnded().getContent();
    } finally {
      call.cancel("over", null);
    }
  }

  private void writeAll(
      Author author, BlockingClientCall<StreamMessageRequest, StreamMessageResponse> call)
      throws StatusException, InterruptedException {
    var manuscript = author.manuscript();
    while (manuscript.stored() < manuscript.length()) {
      var sent = manuscript.stored();
      var steps = 1 + author.random().nextInt(stepsAhead);
      for (var i = 0; i < steps && sent < manuscript.length(); i++) {
        var pieces = manuscript.pieces(sent, 1 + author.random().nextInt(piecesAtOnce));
        var append = AppendMessageRequest.newBuilder().addAllDeltas(pieces);
        send(call, StreamMessageRequest.newBuilder().setAppend(append));
        sent = Math.max(sent, Manuscript.end(pieces));
      }
      while (manuscript.stored() < sent) {
        manuscript.stored(read(call).getAcknowledged().getPartLengthsList());
      }
    }
  }

  private static void send(
      BlockingClientCall<StreamMessageRequest, StreamMessageResponse> call,
      StreamMessageRequest.Builder step)
      throws StatusException, InterruptedException {
    if (!call.write(step.build())) {
      // The stream has ended: what it ended with is read instead.
      read(call);
    }
  }

  private static StreamMessageResponse read(
      BlockingClientCall<StreamMessageRequest, StreamMessageResponse> call)
      throws StatusException, InterruptedException {
    var answer = call.read();
    if (answer == null) {
      throw new StatusException(Status.UNKNOWN.withDescription("the stream ended early"));
    }
    return answer;
  }
}
