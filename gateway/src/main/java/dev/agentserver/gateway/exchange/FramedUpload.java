package dev.agentserver.gateway.exchange;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.upload.Elements;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The body of a request as frames of gRPC, each sent as soon as its message is there.
public final class FramedUpload {
  private final Elements elements;
  private final UnaryOperator<byte[]> messages;

  /// The end is asked for twice.
  private boolean finished;

  private volatile @Nullable Fault refused;

  /// @param messages the wire form of each element
  public FramedUpload(Elements elements, UnaryOperator<byte[]> messages) {
    this.elements = elements;
    this.messages = messages;
  }

  /// What is wrong with the body; null as long as nothing is.
  @Nullable Fault refused() {
    return refused;
  }

  public StreamMessage<HttpData> of(HttpRequest request) {
    return request
        .filter(HttpData.class::isInstance)
        .map(piece -> frames(((HttpData) piece).array()))
        .endWith(failure -> failure == null && !finished ? last() : null);
  }

  private HttpData frames(byte[] piece) {
    return refusing(
        () -> {
          elements.feed(piece);
          return taken();
        });
  }

  private HttpData last() {
    return refusing(
        () -> {
          finished = true;
          elements.finish();
          return taken();
        });
  }

  private HttpData taken() {
    var frames = new ByteArrayOutputStream();
    for (var element = elements.next(); element != null; element = elements.next()) {
      frames.writeBytes(GrpcRequests.frame(messages.apply(element)));
    }
    return HttpData.wrap(frames.toByteArray());
  }

  private HttpData refusing(Supplier<HttpData> work) {
    try {
      return work.get();
    } catch (Fault fault) {
      refused = fault;
      throw fault;
    }
  }
}
