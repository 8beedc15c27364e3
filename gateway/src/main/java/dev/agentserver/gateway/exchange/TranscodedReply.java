package dev.agentserver.gateway.exchange;

import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.DoorHeaders;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// Makes a response of JSON of one of gRPC while it comes. A stream's messages are written one by
/// one, as fast as the client reads; of a single message nothing is written before its status is
/// known. Everything runs on the request's event loop, so nothing here is locked.
public final class TranscodedReply implements Subscriber<HttpObject>, OpenStreams.Stream {
  private static final int UNAVAILABLE = 503;
  private static final int TIMEOUT = 504;

  private final ReplyForm form;
  private final OpenStreams streams;
  private final boolean takesTrailers;
  private final Executor loop;
  private final @Nullable FramedUpload upload;
  private final ReplyFrames frames;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final HttpResponseWriter response = HttpResponse.streaming();

  private @Nullable Subscription subscription;
  private @Nullable ResponseHeaders headers;
  private String contentType = "application/json";
  private boolean passes;
  private boolean headersSent;
  private boolean hasData;
  private boolean hasMessage;
  private boolean over;

  private TranscodedReply(
      ReplyForm form,
      @Nullable FramedUpload upload,
      OpenStreams streams,
      boolean takesTrailers,
      Executor loop) {
    this.form = form;
    this.upload = upload;
    this.streams = streams;
    this.takesTrailers = takesTrailers;
    this.loop = loop;
    this.frames = new ReplyFrames(form.limit());
  }

  /// @param upstream the service's response
  /// @param upload what it answers; null: it has been sent as a whole
  public static HttpResponse of(
      ServiceRequestContext context,
      HttpResponse upstream,
      ReplyForm form,
      @Nullable FramedUpload upload,
      OpenStreams streams) {
    var loop = context.eventLoop().withoutContext();
    var reply =
        new TranscodedReply(form, upload, streams, context.sessionProtocol().isMultiplex(), loop);
    reply.response.whenComplete().whenCompleteAsync(reply::closed, loop);
    if (form.isStream()) {
      streams.add(reply);
    }
    upstream.subscribe(reply, loop);
    return reply.response;
  }

  // From the service.

  @Override
  public void onSubscribe(Subscription subscribed) {
    subscription = subscribed;
    subscribed.request(1);
  }

  @Override
  public void onNext(HttpObject piece) {
    if (over) {
      return;
    }
    try {
      switch (piece) {
        case ResponseHeaders received -> begin(received);
        case HttpHeaders trailers -> end(trailers);
        case HttpData data -> data(data);
        default -> {}
      }
    } catch (Refused refused) {
      refuse(refused);
    }
  }

  private void begin(ResponseHeaders received) {
    if (received.status().isInformational()) {
      more();
      return;
    }
    headers = received;
    passes = !isGrpc(received);
    if (passes) {
      write(DoorHeaders.down(received));
    } else if (received.isEndOfStream()) {
      end(received);
    } else if (form.isStream() && !form.isRaw()) {
      open(received, form.delimiting().contentType());
    }
    more();
  }

  private void open(ResponseHeaders received, String type) {
    write(DoorHeaders.down(received).toBuilder().set("content-type", type).build());
  }

  static boolean isGrpc(ResponseHeaders headers) {
    if (headers.isEndOfStream()) {
      return headers.contains(GrpcStatus.STATUS);
    }
    var type = headers.get("content-type", "");
    return headers.status().equals(HttpStatus.OK)
        && (type.equals("application/grpc") || type.startsWith("application/grpc+"));
  }

  private void data(HttpData data) {
    if (passes) {
      writeAndGoOn(data);
      return;
    }
    hasData |= !data.isEmpty();
    frames.feed(data.array());
    for (var message = frames.next(); message != null; message = frames.next()) {
      add(message);
    }
    if (!form.isStream()) {
      if (body.size() > form.limit()) {
        throw Refused.tooLarge();
      }
      more();
    } else {
      writeAndGoOn(taken());
    }
  }

  private void add(byte[] message) {
    if (form.isRaw()) {
      addRaw(message);
    } else if (form.isStream()) {
      text(form.delimiting().before(!hasMessage));
      body.writeBytes(form.print(message));
      text(form.delimiting().after());
    } else {
      body.writeBytes(form.print(message));
    }
    hasMessage = true;
  }

  /// Of a stream the first says what all are.
  private void addRaw(byte[] message) {
    var raw = form.raw(message);
    body.writeBytes(raw.content().toByteArray());
    if (!hasMessage) {
      contentType = raw.mediaType();
    }
    if (form.isStream() && !headersSent && headers != null) {
      open(headers, contentType);
    }
  }

  private void text(String text) {
    body.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private HttpData taken() {
    var data = HttpData.wrap(body.toByteArray());
    body.reset();
    return data;
  }

  @Override
  public void onComplete() {
    if (over) {
      return;
    }
    try {
      if (passes) {
        close();
      } else if (headers == null) {
        throw Refused.notThere(UNAVAILABLE, "upstream connect error");
      } else {
        end(HttpHeaders.of());
      }
    } catch (Refused refused) {
      refuse(refused);
    }
  }

  @Override
  public void onError(Throwable failure) {
    var wrong = upload == null ? null : upload.refused();
    if (wrong != null) {
      refuse(Refused.notThere(wrong.http(), String.valueOf(wrong.getMessage())));
      return;
    }
    refuse(
        failure instanceof ResponseTimeoutException
            ? Refused.notThere(TIMEOUT, "upstream request timeout")
            : Refused.notThere(
                UNAVAILABLE, "upstream connect error or disconnect/reset before headers"));
  }

  // To the client.

  private void end(HttpHeaders trailers) {
    if (passes || headers == null) {
      write(trailers);
      close();
      return;
    }
    frames.finish();
    var status = GrpcStatus.of(trailers);
    var converted =
        status.isError() && form.convertsStatus() && !hasData
            ? form.print(status.status()).orElse(null)
            : null;
    if (converted == null && form.isStream() && !form.isRaw()) {
      text(form.delimiting().end(!hasMessage));
    } else if (converted != null) {
      body.writeBytes(converted);
    }
    if (!headersSent) {
      var type = converted == null ? contentType : "application/json";
      write(EndHeaders.of(headers, status, converted != null, form.isStream(), type, body.size()));
    }
    write(taken());
    if (takesTrailers && trailers != headers && !trailers.isEmpty()) {
      write(DoorHeaders.trailers(trailers));
    }
    close();
  }

  private void write(HttpObject piece) {
    headersSent |= piece instanceof ResponseHeaders;
    if (!(piece instanceof HttpData data && data.isEmpty())) {
      // Whoever does not read any more is noticed by what completes the response.
      var _ = response.tryWrite(piece);
    }
  }

  private void writeAndGoOn(HttpData data) {
    write(data);
    response.whenConsumed().thenRunAsync(this::more, loop);
  }

  private void more() {
    if (!over && subscription != null) {
      subscription.request(1);
    }
  }

  private void close() {
    over = true;
    response.close();
  }

  /// Where the response has begun the connection tells it.
  private void refuse(Refused refused) {
    if (over) {
      return;
    }
    over = true;
    cancel();
    if (refused.isCut() && !headersSent) {
      response.close(AbortedStreamException.get());
    } else if (headersSent) {
      response.whenConsumed().thenRun(() -> response.close(AbortedStreamException.get()));
    } else {
      response.close(
          AggregatedHttpResponse.of(
              HttpStatus.valueOf(refused.http()),
              MediaType.PLAIN_TEXT,
              HttpData.ofUtf8(String.valueOf(refused.getMessage()))));
    }
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void stop(Fault stopping) {
    loop.execute(
        () -> refuse(Refused.notThere(UNAVAILABLE, String.valueOf(stopping.getMessage()))));
  }

  /// The response is written to its end, or nobody reads it any more.
  private void closed(@Nullable Void nothing, @Nullable Throwable gone) {
    streams.remove(this);
    if (gone != null && !over) {
      over = true;
      cancel();
    }
  }
}
