package dev.agentserver.gateway.transcode.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.agentserver.gateway.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// The tokens of one JSON text, strictly read. Whatever is wrong is a Fault that says where.
final class JsonSource {
  private static final int DEEPEST = 300;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(64 * 1024)
                  .build())
          .build();
  private static final int SCRATCH = 8192;
  private static final int LONGEST_PATH = 256;

  /// A message in memory takes a hundred times the room of a small value's text.
  private static final int MOST_TOKENS = 500_000;

  private final String json;
  private final JsonParser parser;
  private final String prefix;
  private int tokensLeft = MOST_TOKENS;

  /// @param prefix the path of the field that the text is the value of; empty when it is the whole
  /// message
  JsonSource(byte[] utf8, String prefix) {
    requireUtf8(utf8);
    this.json = new String(utf8, StandardCharsets.UTF_8);
    this.prefix = prefix;
    try {
      this.parser = FACTORY.createParser(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /// The value of a member of an object, as it is written; `null` where there is no such member.
  static String member(String object, String name) {
    var source = new JsonSource(object.getBytes(StandardCharsets.UTF_8), "");
    source.tokensLeft = Integer.MAX_VALUE;
    source.next();
    while (source.next() == JsonToken.FIELD_NAME) {
      var found = source.name().equals(name);
      source.next();
      var value = source.raw();
      if (found) {
        return value;
      }
    }
    return "null";
  }

  private static void requireUtf8(byte[] bytes) {
    var input = ByteBuffer.wrap(bytes);
    var scratch = CharBuffer.allocate(SCRATCH);
    var decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result;
    do {
      scratch.clear();
      result = decoder.decode(input, scratch, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw Fault.invalid("body", "is not UTF-8 at byte " + input.position());
    }
  }

  /// The next token; the end of the text is a fault.
  JsonToken next() {
    try {
      var token = parser.nextToken();
      if (token == null) {
        throw Fault.invalid("body", "ends too early");
      }
      if (tokensLeft-- == 0) {
        throw Fault.invalid("body", "has more than " + MOST_TOKENS + " values, names and brackets");
      }
      return token;
    } catch (IOException wrong) {
      throw damaged(wrong);
    }
  }

  /// Makes sure that nothing follows.
  void end() {
    try {
      if (parser.nextToken() != null) {
        throw Fault.invalid("body", "goes on after its end, at character " + offset());
      }
    } catch (IOException wrong) {
      throw damaged(wrong);
    }
  }

  JsonToken current() {
    return parser.currentToken();
  }

  /// The text of a string, a number or a name.
  String text() {
    try {
      return parser.getText();
    } catch (IOException wrong) {
      throw damaged(wrong);
    }
  }

  String name() {
    try {
      return parser.currentName();
    } catch (IOException wrong) {
      throw damaged(wrong);
    }
  }

  double decimal() {
    try {
      return parser.getDoubleValue();
    } catch (IOException wrong) {
      throw damaged(wrong);
    }
  }

  /// Walks over the value that begins here and returns it as it is written.
  String raw() {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    int depth = 0;
    do {
      switch (parser.currentToken()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING, FIELD_NAME -> whole(text());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {}
        case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw wrong("is not JSON");
      }
      if (depth > 0) {
        next();
      }
    } while (depth > 0);
    return json.substring(start, offset());
  }

  /// Text without lone surrogates.
  String whole(String text) {
    try {
      return Scalars.whole(text);
    } catch (IllegalArgumentException lone) {
      throw wrong(String.valueOf(lone.getMessage()));
    }
  }

  /// A fault of the value that is being read.
  Fault wrong(String message) {
    return Fault.invalid(place(), message);
  }

  private int offset() {
    return (int) parser.currentLocation().getCharOffset();
  }

  private Fault damaged(IOException cause) {
    if (cause instanceof JsonProcessingException json) {
      var where = json.getLocation() == null ? offset() : json.getLocation().getCharOffset();
      return Fault.invalid(
          "body", "is not JSON at character " + where + ": " + json.getOriginalMessage());
    }
    throw new UncheckedIOException(cause);
  }

  /// Where the parser is: `messages[3].content`.
  private String place() {
    var path = new StringBuilder();
    for (var at = context(); at != null; at = at.getParent()) {
      if (at.inArray()) {
        path.insert(0, "[" + at.getCurrentIndex() + "]");
      } else if (at.inObject()) {
        path.insert(0, "." + at.getCurrentName());
      }
    }
    path.insert(0, prefix);
    if (path.isEmpty()) {
      return "body";
    }
    int start = path.charAt(0) == '.' ? 1 : 0;
    return path.length() - start > LONGEST_PATH
        ? path.substring(start, start + LONGEST_PATH) + "..."
        : path.substring(start);
  }

  /// What the current value stands in; an object or array that begins here is the value itself.
  private JsonStreamContext context() {
    var token = parser.currentToken();
    var innermost = parser.getParsingContext();
    return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY
        ? innermost.getParent()
        : innermost;
  }
}
