package dev.agentserver.gateway.fault;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import java.nio.charset.StandardCharsets;

/// Prints a fault as REST clients see it: google.rpc.Status as JSON.
public final class FaultPrinter {
  private final TypeRegistry types;
  private final JsonFormat.Printer printer;

  /// @param types what the details may be; others are left out
  public FaultPrinter(TypeRegistry types) {
    this.types = types;
    this.printer =
        JsonFormat.printer()
            .usingTypeRegistry(types)
            .preservingProtoFieldNames()
            .omittingInsignificantWhitespace();
  }

  public byte[] print(Fault fault) {
    var known = fault.status().toBuilder().clearDetails();
    for (var detail : fault.status().getDetailsList()) {
      if (isKnown(detail.getTypeUrl())) {
        known.addDetails(detail);
      }
    }
    return text(known.build()).getBytes(StandardCharsets.UTF_8);
  }

  private boolean isKnown(String typeUrl) {
    try {
      return types.getDescriptorForTypeUrl(typeUrl) != null;
    } catch (InvalidProtocolBufferException notAUrl) {
      return false;
    }
  }

  private String text(Status status) {
    try {
      return printer.print(status);
    } catch (InvalidProtocolBufferException damaged) {
      // A detail that does not hold what its type says: the code and the message still stand.
      return text(status.toBuilder().clearDetails().build());
    }
  }
}
