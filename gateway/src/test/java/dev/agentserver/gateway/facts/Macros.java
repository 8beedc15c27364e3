package dev.agentserver.gateway.facts;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.test.TestContracts;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.UnknownQueryParams;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a file of cases cannot write out: `${deep:32}`, an object nested so deeply; `${nested:70}`,
/// the same of `child` fields; `${long:40000}`, a text so long; `${slashes:9}`; `${hex:c328}`,
/// bytes; `${frame:Type:{json}}`, a gRPC frame; `${frame64:Type:{json}}`, the same in base64.
final class Macros {
  /// One set: messages of two would never be equal.
  static final Contracts CONTRACTS = TestContracts.load();

  /// Knows, beside the contracts, what Envoy adds of its own.
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser()
          .usingTypeRegistry(
              TypeRegistry.newBuilder().add(UnknownQueryParams.getDescriptor()).build());

  private static final Pattern MACRO =
      Pattern.compile("\\$\\{(\\w+):(.*?)}(?=$|[^}])", Pattern.DOTALL);

  private Macros() {}

  /// Bytes are letters of Latin-1 until the end.
  static byte[] bytes(String text) {
    var utf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return MACRO
        .matcher(utf8)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), found.group(2))))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(String text) {
    return new String(bytes(text), StandardCharsets.UTF_8);
  }

  private static String value(String name, String argument) {
    return switch (name) {
      case "deep" -> nested("k", Integer.parseInt(argument), "{\"k\": 1}");
      case "nested" -> nested("child", Integer.parseInt(argument), "{}");
      case "long" -> "x".repeat(Integer.parseInt(argument));
      case "slashes" -> "/".repeat(Integer.parseInt(argument));
      case "hex" -> letters(HexFormat.of().parseHex(argument));
      case "frame" -> letters(frame(argument));
      case "frame64" -> Base64.getEncoder().encodeToString(frame(argument));
      default -> throw new IllegalArgumentException("there is no ${" + name + "}");
    };
  }

  private static String nested(String name, int levels, String innermost) {
    return ("{\"" + name + "\": ").repeat(levels - 1) + innermost + "}".repeat(levels - 1);
  }

  private static String letters(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// @param argument `Type:{json}`
  private static byte[] frame(String argument) {
    int colon = argument.indexOf(':');
    var message =
        message("bookstore." + argument.substring(0, colon), argument.substring(colon + 1));
    var wire = message.toByteArray();
    return ByteBuffer.allocate(5 + wire.length).put((byte) 0).putInt(wire.length).put(wire).array();
  }

  static Message message(String type, String json) {
    var builder = DynamicMessage.newBuilder(Objects.requireNonNull(CONTRACTS.type(type), type));
    try {
      PARSER.merge(json, builder);
    } catch (InvalidProtocolBufferException wrong) {
      throw new IllegalArgumentException(json, wrong);
    }
    return builder.build();
  }
}
