package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/// Follows over gRPC, and asks for one message after the other.
final class GrpcViewer extends Viewer {
  private final Channel channel;
  private final String conversation;
  private ClientCall<WatchConversationRequest, ConversationEvent> call;
  private boolean stalled;
  private boolean asked;

  GrpcViewer(Channel channel, String conversation) {
    this.channel = channel;
    this.conversation = conversation;
  }

  @Override
  void start(long after) {
    begin(after);
    var method = ConversationEventServiceGrpc.getWatchConversationMethod();
    call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(new Frames(), new Metadata());
    var request =
        WatchConversationRequest.newBuilder().setConversationId(conversation).setAfterSeq(after);
    call.sendMessage(request.build());
    call.halfClose();
    ask();
  }

  private final class Frames extends ClientCall.Listener<ConversationEvent> {
    @Override
    public void onMessage(ConversationEvent frame) {
      synchronized (GrpcViewer.this) {
        asked = false;
      }
      given(frame.getSeq(), frame.hasCreatedAt(), frame.toByteArray());
      ask();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.getCode() != Status.Code.CANCELLED) {
        violate("the stream ended: " + status);
      }
    }
  }

  private synchronized void ask() {
    if (!stalled && !asked) {
      asked = true;
      call.request(1);
    }
  }

  @Override
  synchronized void stall() {
    stalled = true;
  }

  @Override
  void goOn() {
    synchronized (this) {
      stalled = false;
    }
    ask();
  }

  @Override
  public void close() {
    call.cancel("over", null);
  }
}
