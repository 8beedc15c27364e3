package dev.agentserver.gateway.fault;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.Status;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonOptions;
import java.io.UncheckedIOException;

/// Prints a fault as REST clients see it: google.rpc.Status as JSON.
public final class FaultPrinter {
  private static final JsonOptions OPTIONS = new JsonOptions(true, false, false, true);

  private final TypeRegistry types;
  private final JsonCodec codec;

  /// @param types what the details may be; others are left out
  public FaultPrinter(TypeRegistry types) {
    this.types = types;
    this.codec = new JsonCodec(types, OPTIONS);
  }

  public byte[] print(Fault fault) {
    var known = fault.status().toBuilder().clearDetails();
    for (var detail : fault.status().getDetailsList()) {
      if (isKnown(detail.getTypeUrl())) {
        known.addDetails(detail);
      }
    }
    return json(known.build());
  }

  private boolean isKnown(String typeUrl) {
    try {
      return types.getDescriptorForTypeUrl(typeUrl) != null;
    } catch (InvalidProtocolBufferException notAUrl) {
      return false;
    }
  }

  private byte[] json(Status status) {
    try {
      return codec.print(Status.getDescriptor(), status.toByteArray());
    } catch (UncheckedIOException damaged) {
      // A detail that does not hold what its type says: the code and the message still stand.
      return json(status.toBuilder().clearDetails().build());
    }
  }
}
