package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.call.RestStream;
import dev.agentserver.gateway.call.Sending;
import dev.agentserver.gateway.call.StreamTiming;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.transcode.binding.Resume;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.stream.Accept;
import dev.agentserver.gateway.transcode.stream.EventPrinter;
import dev.agentserver.gateway.transcode.stream.JoinedBodies;
import dev.agentserver.gateway.transcode.stream.SocketMessages;
import dev.agentserver.gateway.transcode.stream.StreamFormat;
import io.grpc.Metadata;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Answers REST requests whose method answers many messages.
///
/// @param threads what messages are printed and sent on
record RestStreams(
    Upstreams upstreams,
    BodyCodec codec,
    FaultResponses faults,
    Answers answers,
    StreamTiming timing,
    Patience patience,
    OpenStreams open,
    Executor threads) {

  HttpResponse start(
      ServiceRequestContext context,
      RequestHeaders headers,
      Route route,
      Metadata metadata,
      Sending sending) {
    return start(context, headers, route, metadata, sending, null);
  }

  /// @param socket what a WebSocket has; null for everything else
  HttpResponse start(
      ServiceRequestContext context,
      RequestHeaders headers,
      Route route,
      Metadata metadata,
      Sending sending,
      RestStream.@Nullable Socket socket) {
    var form =
        new RestStream.Form(
            socket == null ? format(route, headers) : new SocketMessages(),
            new EventPrinter(codec, route),
            Resume.isMeant(route, headers.get("last-event-id")),
            fault -> faults.of(RestDoor.adapt(headers, fault)),
            socket);
    return RestStream.start(
        context,
        upstreams.of(route.method()),
        Deadlines.options(headers, route.method(), patience),
        metadata,
        sending,
        form,
        timing,
        answers,
        open,
        threads);
  }

  private static StreamFormat format(Route route, RequestHeaders headers) {
    return route.answersRaw() ? new JoinedBodies() : Accept.choose(headers.getAll("accept"));
  }
}
