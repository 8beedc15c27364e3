package dev.agentserver.gateway.transcode.binding;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Query parameters that name no field, as Envoy's message UnknownQueryParams:
/// `map<string, Values> key = 1`, where Values has `repeated string values = 1`.
final class UnknownParameters {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3"
          + ".UnknownQueryParams";

  private UnknownParameters() {}

  static Any pack(Map<String, List<String>> parameters) {
    var all = new ByteArrayOutputStream();
    parameters.forEach(
        (name, values) -> {
          var list = new ByteArrayOutputStream();
          values.forEach(value -> list.writeBytes(text(1, value)));
          var entry = new ByteArrayOutputStream();
          entry.writeBytes(text(1, name));
          entry.writeBytes(message(2, list.toByteArray()));
          all.writeBytes(message(1, entry.toByteArray()));
        });
    return Any.newBuilder()
        .setTypeUrl(TYPE)
        .setValue(ByteString.copyFrom(all.toByteArray()))
        .build();
  }

  private static byte[] text(int number, String text) {
    return message(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] message(int number, byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length + 10);
    var output = CodedOutputStream.newInstance(bytes);
    try {
      output.writeByteArray(number, content);
      output.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
