package dev.agentserver.worker.reference.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;

/// JSON text to values and back.
final class Json {
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private Json() {}

  static Struct object(String text) throws IOException {
    var object = Struct.newBuilder();
    PARSER.merge(text, object);
    return object.build();
  }

  static String text(Message value) {
    try {
      return PRINTER.print(value);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
