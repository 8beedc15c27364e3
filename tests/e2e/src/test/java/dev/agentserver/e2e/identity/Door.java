package dev.agentserver.e2e.identity;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.server.Separate;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;

/// A way to ask for a conversation.
interface Door {
  /// The status code, and whether a time to retry came along.
  record Answer(int code, boolean retry) {
    static final Answer OK = new Answer(0, false);
    static final Answer UNAVAILABLE = new Answer(14, true);
    static final Answer UNAUTHENTICATED = new Answer(16, false);
  }

  Answer ask(String credential, String conversation);

  /// By REST at the gateway, by gRPC at the gateway, by gRPC at the service.
  static List<Door> of(Separate system) {
    return List.of(
        new Rest(new Http(system.gateway().url())),
        new ByGrpc(Grpc.anonymous(system.gateway().url())),
        new ByGrpc(Grpc.anonymous(system.conversation().url())));
  }

  /// By REST.
  record Rest(Http http) implements Door {
    @Override
    public Answer ask(String credential, String conversation) {
      var reply = http.bearer(credential).get("/v1/conversations/" + conversation);
      if (reply.status() == 200) {
        return Answer.OK;
      }
      var retry = reply.header("retry-after").isPresent() && reply.body().contains("RetryInfo");
      return new Answer(reply.json().path("code").asInt(), retry);
    }

    @Override
    public String toString() {
      return "REST";
    }
  }

  /// By gRPC.
  record ByGrpc(Grpc grpc) implements Door {
    private static final Metadata.Key<byte[]> DETAILS =
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    @Override
    public Answer ask(String credential, String conversation) {
      try {
        grpc.bearer(credential)
            .conversations()
            .getConversation(
                GetConversationRequest.newBuilder().setConversationId(conversation).build());
        return Answer.OK;
      } catch (StatusRuntimeException refused) {
        return new Answer(refused.getStatus().getCode().value(), retries(refused));
      }
    }

    private static boolean retries(StatusRuntimeException refused) {
      return Optional.ofNullable(refused.getTrailers())
          .map(trailers -> trailers.get(DETAILS))
          .stream()
          .flatMap(details -> details(details).stream())
          .anyMatch(detail -> detail.is(RetryInfo.class));
    }

    private static List<Any> details(byte[] details) {
      try {
        return Status.parseFrom(details).getDetailsList();
      } catch (InvalidProtocolBufferException damaged) {
        throw new IllegalStateException(damaged);
      }
    }
  }
}
