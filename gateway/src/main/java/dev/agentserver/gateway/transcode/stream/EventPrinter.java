package dev.agentserver.gateway.transcode.stream;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.RawBody;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes events of the messages of one route: the id is the field that the contract numbers
/// messages by, the name is the case of the message's oneof where it has exactly one.
public final class EventPrinter {
  private static final String JSON = "application/json";

  private final BodyCodec codec;
  private final Route route;
  private final @Nullable FieldDescriptor sequence;

  /// Field number to name, of the members of the oneof.
  private final Map<Integer, String> cases = new HashMap<>();

  public EventPrinter(BodyCodec codec, Route route) {
    this.codec = codec;
    this.route = route;
    var type = route.method().response();
    this.sequence = Fields.sequence(type).orElse(null);
    if (type.getRealOneofs().size() == 1) {
      for (var member : type.getRealOneofs().getFirst().getFields()) {
        cases.put(member.getNumber(), member.getName());
      }
    }
  }

  /// An UncheckedIOException where the message is not of its type or cannot be printed.
  public StreamEvent print(byte[] wire) {
    var field = route.responseBody();
    if (route.answersRaw()) {
      var body = RawBody.read(field, wire);
      return new StreamEvent("", "", body.mediaType(), body.content().toByteArray());
    }
    var json =
        field == null ? codec.print(route.method().response(), wire) : codec.print(field, wire);
    return new StreamEvent(id(wire), name(wire), JSON, json);
  }

  /// It comes back in a header, so it is there only where a header can carry it. 0 is a place too:
  /// who comes back with it misses nothing that came after the beginning.
  private String id(byte[] wire) {
    if (sequence == null) {
      return "";
    }
    var text = Wire.text(wire, sequence);
    if (text.isEmpty() && !Fields.isString(sequence)) {
      return "0";
    }
    return text.chars().allMatch(c -> c > ' ' && c < 127) ? text : "";
  }

  /// Of several members on the wire the last is the one that is set.
  private String name(byte[] wire) {
    if (cases.isEmpty()) {
      return "";
    }
    var name = "";
    var input = CodedInputStream.newInstance(wire);
    try {
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        name = cases.getOrDefault(WireFormat.getTagFieldNumber(tag), name);
        input.skipField(tag);
      }
    } catch (IOException damaged) {
      throw new UncheckedIOException("a message of " + route + " is damaged", damaged);
    }
    return name;
  }
}
