package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// Passes one call through, messages as they are, in both directions at once. It never holds more
/// than one message for a slow reader on either side: the next is asked for when the last has left.
/// Everything runs on the request's event loop, so nothing here is locked.
public final class Relay extends ClientCall.Listener<byte[]>
    implements Subscriber<HttpObject>, OpenStreams.Stream {
  private final Framing framing;
  private final Framing.PieceDecoder decoder;
  private final Deframer deframer;
  private final Answers answers;
  private final Ending ending;
  private final ClientCall<byte[], byte[]> call;
  private final HttpResponseWriter response = HttpResponse.streaming();
  private final OpenStreams streams;
  private final Executor loop;
  private final boolean takesOne;
  private final boolean answersMany;

  private @Nullable Subscription upload;
  private boolean sentOne;
  private boolean headersSent;
  private boolean uploadWaits;
  private boolean over;

  private Relay(
      Endpoint endpoint,
      CallOptions options,
      Framing framing,
      Deframer deframer,
      Answers answers,
      OpenStreams streams,
      Executor loop) {
    this.framing = framing;
    this.decoder = framing.decoder();
    this.deframer = deframer;
    this.answers = answers;
    this.ending = new Ending(endpoint.method().upstream());
    this.call =
        endpoint.channel().newCall(endpoint.wire(), ending.watch(options.withExecutor(loop)));
    this.streams = streams;
    this.loop = loop;
    this.answersMany = endpoint.method().answersMany();
    this.takesOne = endpoint.wire().getType().clientSendsOneMessage();
  }

  /// Starts the call.
  ///
  /// @param limit the most bytes of a message
  public static HttpResponse start(
      ServiceRequestContext context,
      HttpRequest request,
      Endpoint endpoint,
      CallOptions options,
      Metadata metadata,
      Framing framing,
      int limit,
      Answers answers,
      OpenStreams streams) {
    var eventLoop = context.eventLoop().withoutContext();
    var deframer = new Deframer(limit, request.headers().get("grpc-encoding"));
    var relay = new Relay(endpoint, options, framing, deframer, answers, streams, eventLoop);
    eventLoop.execute(() -> relay.open(request, metadata, eventLoop));
    return relay.response;
  }

  private void open(HttpRequest request, Metadata metadata, EventExecutor eventLoop) {
    try {
      call.start(this, metadata);
      call.request(1);
      request.subscribe(this, eventLoop);
      response.whenComplete().whenCompleteAsync(this::closed, loop);
      if (answersMany) {
        streams.add(this);
      }
    } catch (RuntimeException unexpected) {
      refuse(answers.internal("a call could not be started", unexpected));
    }
  }

  // From the client.

  @Override
  public void onSubscribe(Subscription subscription) {
    upload = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(HttpObject piece) {
    if (over) {
      return;
    }
    try {
      if (piece instanceof HttpData data && !data.isEmpty()) {
        deframer.feed(decoder.decode(data.array()));
        for (var message = deframer.next(); message != null; message = deframer.next()) {
          send(message);
        }
      }
      askForMore();
    } catch (Fault refused) {
      refuse(refused);
    }
  }

  private void send(byte[] message) {
    if (takesOne && sentOne) {
      throw Fault.invalid("body", "has more than the one message that the method takes");
    }
    sentOne = true;
    call.sendMessage(message);
  }

  /// A call that takes one message never says that it is ready; it also has nothing to wait with.
  private void askForMore() {
    uploadWaits = !takesOne && !call.isReady();
    if (!uploadWaits && upload != null) {
      upload.request(1);
    }
  }

  @Override
  public void onComplete() {
    if (over) {
      return;
    }
    try {
      decoder.finish();
      deframer.finish();
      call.halfClose();
    } catch (Fault refused) {
      refuse(refused);
    }
  }

  @Override
  public void onError(Throwable gone) {
    cancel(gone);
  }

  /// The response is written to its end, or nobody reads it any more.
  private void closed(@Nullable Void nothing, @Nullable Throwable gone) {
    streams.remove(this);
    if (gone != null) {
      cancel(gone);
    }
  }

  private void cancel(Throwable cause) {
    if (!over) {
      over = true;
      ending.cancel(call, "the client went away", cause);
      response.close(cause);
    }
  }

  // From the service.

  @Override
  public void onReady() {
    if (uploadWaits) {
      askForMore();
    }
  }

  @Override
  public void onHeaders(Metadata headers) {
    if (!over) {
      headersSent = true;
      response.write(framing.headers(headers));
    }
  }

  @Override
  public void onMessage(byte[] message) {
    if (!over && response.tryWrite(framing.message(message))) {
      response.whenConsumed().thenRunAsync(() -> call.request(1), loop);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (over) {
      return;
    }
    if (status.isOk() && !headersSent) {
      onHeaders(new Metadata());
    }
    end(status.isOk() ? null : ending.fault(answers, status, trailers), trailers);
  }

  @Override
  public void stop(Fault stopping) {
    loop.execute(
        () -> {
          if (!over) {
            refuse(stopping);
          }
        });
  }

  private void refuse(Fault fault) {
    ending.cancel(call, "the gateway ends the call", fault);
    end(fault, new Metadata());
  }

  private void end(@Nullable Fault fault, Metadata trailers) {
    over = true;
    var status = fault == null ? StatusHeaders.ok(trailers) : StatusHeaders.of(fault, trailers);
    if (response.tryWrite(headersSent ? framing.end(status) : framing.only(status))) {
      response.close();
    }
    if (upload != null) {
      upload.cancel();
    }
  }
}
