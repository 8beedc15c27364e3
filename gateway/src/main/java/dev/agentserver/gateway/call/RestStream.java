package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.stream.EventPrinter;
import dev.agentserver.gateway.transcode.stream.SocketMessages;
import dev.agentserver.gateway.transcode.stream.StreamEvent;
import dev.agentserver.gateway.transcode.stream.StreamFormat;
import dev.agentserver.gateway.transcode.upload.FrameElements;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers a REST request with the messages of a stream, each written when it comes, also while the
/// request is still being sent. It
/// never holds more than one message for a slow client: the next is asked for when the last has
/// left. The status is decided by what comes first: a message opens the stream, a failure is an
/// ordinary error response.
///
/// Messages are printed on the call's own thread and those of the request sent on another;
/// everything else runs on the request's event loop, so nothing here is locked.
public final class RestStream extends ClientCall.Listener<byte[]>
    implements OpenStreams.Stream, FrameElements.Control {
  /// How a stream is written for one request.
  ///
  /// @param resumed whether the client has seen a part of it: a stream that is at its end then
  /// answers 204, which is what stops an EventSource
  /// @param refusal an error response, whose content also tells a late failure
  /// @param socket what a WebSocket has; null for everything else
  public record Form(
      StreamFormat format,
      EventPrinter printer,
      boolean resumed,
      Function<Fault, AggregatedHttpResponse> refusal,
      @Nullable Socket socket) {}

  /// A WebSocket, which is open at once: its client says nothing before.
  ///
  /// @param headers that agree on it
  /// @param frames what the client sends
  public record Socket(ResponseHeaders headers, FrameElements frames) {}

  private static final int MOST_UNREAD = 4;

  private final Sending sending;
  private final Form form;
  private final StreamTiming timing;
  private final Answers answers;
  private final Ending ending;
  private final OpenStreams streams;
  private final EventExecutor loop;
  private final ClientCall<byte[], byte[]> call;
  private final HttpResponseWriter response = HttpResponse.streaming();

  private Metadata headers = new Metadata();
  private @Nullable StreamEvent last;
  private @Nullable Future<?> timer;
  private long quietSince = System.nanoTime();
  private int unread;
  private boolean opened;
  private boolean over;

  private RestStream(
      Endpoint endpoint,
      CallOptions options,
      Sending sending,
      Form form,
      StreamTiming timing,
      Answers answers,
      OpenStreams streams,
      EventExecutor loop) {
    this.sending = sending;
    this.form = form;
    this.timing = timing;
    this.answers = answers;
    this.ending = new Ending(endpoint.method().upstream());
    this.streams = streams;
    this.loop = loop;
    this.call = endpoint.channel().newCall(endpoint.wire(), ending.watch(options));
  }

  /// Starts the call.
  ///
  /// @param threads what messages are printed and sent on
  public static HttpResponse start(
      ServiceRequestContext context,
      Endpoint endpoint,
      CallOptions options,
      Metadata metadata,
      Sending sending,
      Form form,
      StreamTiming timing,
      Answers answers,
      OpenStreams streams,
      Executor threads) {
    var loop = context.eventLoop().withoutContext();
    var stream =
        new RestStream(
            endpoint, options.withExecutor(threads), sending, form, timing, answers, streams, loop);
    loop.execute(() -> stream.open(metadata, threads));
    return stream.response;
  }

  private void open(Metadata metadata, Executor threads) {
    response.whenComplete().whenCompleteAsync(this::closed, loop);
    try {
      call.start(this, metadata);
      call.request(1);
      if (form.socket() != null) {
        form.socket().frames().listen(this);
        begin(null);
      }
      threads.execute(this::send);
      if (form.format().opensInSilence()) {
        wait(opened ? timing.heartbeat() : timing.openAfter());
      }
      streams.add(this);
    } catch (RuntimeException unexpected) {
      refuse(answers.internal("a call could not be started", unexpected));
    }
  }

  // To the service, on a thread of its own.

  private void send() {
    try {
      sending.send(MessageSink.of(call));
    } catch (Fault refused) {
      loop.execute(() -> refuse(refused));
    } catch (RuntimeException unexpected) {
      loop.execute(
          () -> {
            // What was to be sent after the end is of no interest.
            if (!over) {
              refuse(answers.internal("a request could not be sent", unexpected));
            }
          });
    }
  }

  // From the service, on the call's thread.

  @Override
  public void onReady() {
    sending.ready();
  }

  @Override
  public void onHeaders(Metadata received) {
    loop.execute(() -> headers = received);
  }

  @Override
  public void onMessage(byte[] message) {
    try {
      var event = form.printer().print(message);
      loop.execute(() -> send(event));
    } catch (RuntimeException unprintable) {
      var fault = answers.internal("a message of a stream cannot be printed", unprintable);
      loop.execute(() -> refuse(fault));
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    sending.over();
    if (status.isOk()) {
      loop.execute(this::end);
    } else {
      var fault = ending.fault(answers, status, trailers);
      loop.execute(() -> fail(fault));
    }
  }

  // To the client, on the event loop.

  private void send(StreamEvent event) {
    if (over) {
      return;
    }
    begin(event);
    write(form.format().message(event, last == null), () -> call.request(1));
    last = event;
  }

  private void begin(@Nullable StreamEvent first) {
    if (!opened) {
      opened = true;
      response.write(form.socket() == null ? responseHeaders(first) : form.socket().headers());
      write(form.format().opening(), () -> {});
    }
  }

  private ResponseHeaders responseHeaders(@Nullable StreamEvent first) {
    var builder = ResponseHeaders.builder(HttpStatus.OK);
    form.format().headers(first).forEach(builder::set);
    HeaderMetadata.copy(headers, builder);
    // What lies between must neither keep the stream nor hold back a part of it.
    return uncached(builder).set("x-accel-buffering", "no").build();
  }

  private static ResponseHeadersBuilder uncached(ResponseHeadersBuilder builder) {
    return builder.set("cache-control", "no-store");
  }

  private void write(byte[] piece, Runnable read) {
    if (piece.length == 0 || !response.tryWrite(HttpData.wrap(piece))) {
      return;
    }
    quietSince = System.nanoTime();
    unread++;
    response
        .whenConsumed()
        .thenRunAsync(
            () -> {
              unread--;
              read.run();
            },
            loop);
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    if (!opened && form.resumed()) {
      response.write(uncached(ResponseHeaders.builder(HttpStatus.NO_CONTENT)).build());
    } else {
      begin(null);
      write(form.format().end(last), () -> {});
    }
    response.close();
  }

  private void fail(Fault fault) {
    if (over) {
      return;
    }
    over = true;
    var whole = form.refusal().apply(fault);
    if (!opened) {
      response.write(whole.headers());
      response.write(whole.content());
      response.close();
      return;
    }
    form.format()
        .failure(whole.content().array())
        .ifPresentOrElse(
            piece -> {
              write(piece, () -> {});
              response.close();
            },
            () -> response.close(AbortedStreamException.get()));
  }

  private void refuse(Fault fault) {
    if (!over) {
      ending.cancel(call, "the gateway ends the stream", fault);
      fail(fault);
    }
  }

  @Override
  public void stop(Fault stopping) {
    loop.execute(() -> refuse(stopping));
  }

  // From the client of a WebSocket.

  /// A client that reads slower than it pings is not answered each time.
  @Override
  public void ping(byte[] content) {
    loop.execute(
        () -> {
          if (!over && unread < MOST_UNREAD) {
            write(SocketMessages.pong(content), () -> {});
          }
        });
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          if (!over) {
            over = true;
            ending.cancel(call, "the client closed the socket", null);
            write(form.format().end(last), () -> {});
            response.close();
          }
        });
  }

  // Silence.

  private void wait(Duration patience) {
    timer = loop.schedule(this::wake, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A client that has not read what it was sent gets no heartbeat on top.
  private void wake() {
    if (over) {
      return;
    }
    var patience = opened ? timing.heartbeat() : timing.openAfter();
    var rest = patience.minusNanos(System.nanoTime() - quietSince);
    if (rest.isPositive()) {
      wait(rest);
      return;
    }
    if (unread == 0) {
      begin(null);
      write(form.format().heartbeat(), () -> {});
    }
    wait(timing.heartbeat());
  }

  /// The response is written to its end, or nobody reads it any more.
  private void closed(@Nullable Void nothing, @Nullable Throwable gone) {
    streams.remove(this);
    if (timer != null) {
      timer.cancel(false);
    }
    if (gone != null && !over) {
      over = true;
      ending.cancel(call, "the client went away", gone);
    }
  }
}
