package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.agentserver.gateway.fault.Details;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.fault.FaultPrinter;
import java.time.Duration;

/// Faults as HTTP responses.
public final class FaultResponses {
  private static final int UNAUTHORIZED = 401;

  private final FaultPrinter printer;

  public FaultResponses(FaultPrinter printer) {
    this.printer = printer;
  }

  public AggregatedHttpResponse of(Fault fault) {
    var headers =
        ResponseHeaders.builder(fault.http()).contentType(MediaType.JSON).add(fault.headers());
    Details.retryDelay(fault.status())
        .ifPresent(delay -> headers.add("retry-after", Long.toString(wholeSeconds(delay))));
    if (fault.http() == UNAUTHORIZED) {
      headers.add("www-authenticate", "Bearer realm=\"agentserver\"");
    }
    return AggregatedHttpResponse.of(headers.build(), HttpData.wrap(printer.print(fault)));
  }

  private static long wholeSeconds(Duration delay) {
    return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
  }
}
