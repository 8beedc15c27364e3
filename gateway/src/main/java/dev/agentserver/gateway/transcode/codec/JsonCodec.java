package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.agentserver.gateway.contract.FieldPath;

/// JSON to the wire format of protobuf, and back. What cannot be read is a
/// [dev.agentserver.gateway.fault.Fault] that names the field, or the position where there is no
/// field yet.
public interface JsonCodec {
  /// Reads a message.
  Body read(Descriptor type, byte[] json);

  /// Reads the value of one field of a message; the result is the message with that field alone.
  Body read(FieldPath field, byte[] json);

  /// Prints a message.
  byte[] print(Descriptor type, byte[] wire);

  /// Prints the value of one field of a message.
  byte[] print(FieldDescriptor field, byte[] wire);
}
