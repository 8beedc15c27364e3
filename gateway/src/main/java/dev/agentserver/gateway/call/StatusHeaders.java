package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpHeaders;
import dev.agentserver.gateway.fault.Fault;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A call's status as gRPC writes it into headers or trailers.
public final class StatusHeaders {
  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";
  private static final String DETAILS = "grpc-status-details-bin";

  private StatusHeaders() {}

  /// A good end.
  ///
  /// @param trailers the service's own metadata
  public static HttpHeaders ok(Metadata trailers) {
    var headers = HttpHeaders.builder().add(STATUS, "0");
    HeaderMetadata.copy(trailers, headers);
    return headers.build();
  }

  public static HttpHeaders of(Fault fault) {
    return of(fault, new Metadata());
  }

  /// @param trailers the service's own metadata
  public static HttpHeaders of(Fault fault, Metadata trailers) {
    var status = fault.status();
    var headers =
        HttpHeaders.builder()
            .add(STATUS, Integer.toString(status.getCode()))
            .add(MESSAGE, percentEncode(status.getMessage()))
            .add(
                DETAILS, Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray()));
    HeaderMetadata.copy(trailers, headers);
    return headers.build();
  }

  /// Text as grpc-message has it.
  public static String percentEncode(String text) {
    var encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet >= ' ' && octet < 127 && octet != '%') {
        encoded.append((char) octet);
      } else {
        encoded.append("%%%02X".formatted(octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
