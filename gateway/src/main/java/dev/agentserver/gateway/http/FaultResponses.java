package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.agentserver.gateway.fault.Details;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.fault.FaultPrinter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

/// Faults as HTTP responses.
public final class FaultResponses {
  private static final int UNAUTHORIZED = 401;

  private final MediaType type;
  private final Function<Fault, byte[]> content;

  private FaultResponses(MediaType type, Function<Fault, byte[]> content) {
    this.type = type;
    this.content = content;
  }

  /// As google.rpc.Status.
  static FaultResponses json(FaultPrinter printer) {
    return new FaultResponses(MediaType.JSON, printer::print);
  }

  /// The message alone.
  static FaultResponses text() {
    return new FaultResponses(
        MediaType.PLAIN_TEXT,
        fault -> fault.status().getMessage().getBytes(StandardCharsets.UTF_8));
  }

  public AggregatedHttpResponse of(Fault fault) {
    var headers = ResponseHeaders.builder(fault.http()).contentType(type).add(fault.headers());
    Details.retryDelay(fault.status())
        .ifPresent(delay -> headers.add("retry-after", Long.toString(wholeSeconds(delay))));
    if (fault.http() == UNAUTHORIZED) {
      headers.add("www-authenticate", "Bearer realm=\"agentserver\"");
    }
    return AggregatedHttpResponse.of(headers.build(), HttpData.wrap(content.apply(fault)));
  }

  private static long wholeSeconds(Duration delay) {
    return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
  }
}
