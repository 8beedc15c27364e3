package dev.agentserver.json.read;

import dev.agentserver.json.JsonException;
import dev.agentserver.json.text.Buffer;
import java.nio.charset.StandardCharsets;

/// Goes through one JSON text, strictly: RFC 8259 and, where they are allowed, trailing commas.
/// What is wrong is a [JsonException] that says where.
final class Scanner {
  /// Kinds of values, by the character that begins them.
  static final int OBJECT = '{';

  static final int ARRAY = '[';
  static final int STRING = '"';
  static final int NUMBER = '0';
  static final int TRUE = 't';
  static final int FALSE = 'f';
  static final int NULL = 'n';

  /// A message in memory takes a hundred times the room of a small value's text.
  private static final int MOST_TOKENS = 500_000;

  private static final int DEEPEST = 300;
  private static final int LONGEST_NUMBER = 1_000;

  private final byte[] json;
  private final String prefix;
  private final boolean trailingCommas;
  private final Buffer scratch = new Buffer(0);
  private int at;

  /// Where the value or the name begins that is read, for what is wrong with it.
  private int token;

  private int tokensLeft = MOST_TOKENS;

  /// What the last name or string says; of a number, the text itself.
  final Strings said;

  /// @param prefix the path of the field that the text is the value of; empty when it is the whole
  /// message
  /// @param trailingCommas whether a comma may stand before the end of an object or array
  Scanner(byte[] json, String prefix, boolean trailingCommas) {
    this.json = json;
    this.prefix = prefix;
    this.trailingCommas = trailingCommas;
    this.said = new Strings(json);
  }

  /// What kind of value comes next; nothing is consumed.
  int peek() {
    token = pass();
    byte first = json[token];
    return switch (first) {
      case '{', '[', '"', 't', 'f', 'n' -> first;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> NUMBER;
      default -> throw Syntax.notJson(token, "not a value");
    };
  }

  /// Where the next character is that is no blank.
  private int pass() {
    while (at < json.length && isBlank(json[at])) {
      at++;
    }
    if (at == json.length) {
      throw Syntax.endsTooEarly();
    }
    return at;
  }

  private static boolean isBlank(byte each) {
    return each == ' ' || each == '\n' || each == '\r' || each == '\t';
  }

  private void count() {
    if (tokensLeft-- == 0) {
      throw new JsonException(
          "body", "has more than " + MOST_TOKENS + " values, names and brackets");
    }
  }

  /// Goes into the object or array that begins here.
  ///
  /// @param end the bracket that closes it
  /// @return whether it has anything in it
  boolean open(char end) {
    count();
    at++;
    if (json[pass()] == end) {
      count();
      at++;
      return false;
    }
    return true;
  }

  /// Goes on after a value.
  ///
  /// @return whether another follows before the end of the object or array
  boolean more(char end) {
    byte next = json[pass()];
    at++;
    if (next == end) {
      count();
      return false;
    }
    if (next != ',') {
      throw Syntax.notJson(at - 1, "neither a comma nor " + end);
    }
    if (trailingCommas && json[pass()] == end) {
      at++;
      count();
      return false;
    }
    return true;
  }

  /// Reads the name of a member, and the colon.
  void name() {
    token = pass();
    if (json[token] != '"') {
      throw Syntax.notJson(token, "not a name in quotes");
    }
    count();
    at = said.read(token, scratch);
    if (json[pass()] != ':') {
      throw Syntax.notJson(at, "no colon after a name");
    }
    at++;
  }

  /// Reads a string.
  void string() {
    count();
    at = said.read(at, scratch);
  }

  /// Reads a string that must be text.
  void wholeString() {
    string();
    requireWhole();
  }

  void requireWhole() {
    if (said.isTorn) {
      throw wrong("has a lone surrogate");
    }
  }

  /// Reads true, false or null.
  void literal() {
    count();
    switch (json[at]) {
      case 't' -> literal("true");
      case 'f' -> literal("false");
      default -> literal("null");
    }
  }

  private void literal(String word) {
    int start = at;
    for (int i = 0; i < word.length(); i++) {
      if (at >= json.length || json[at] != word.charAt(i)) {
        throw Syntax.notJson(start, "not a value");
      }
      at++;
    }
    if (at < json.length && Character.isLetterOrDigit(json[at])) {
      throw Syntax.notJson(start, "not a value");
    }
  }

  /// Reads a number.
  void number() {
    count();
    int start = at;
    if (json[at] == '-') {
      at++;
    }
    if (at < json.length && json[at] == '0') {
      at++;
    } else {
      digits(start);
    }
    if (at < json.length && json[at] == '.') {
      at++;
      digits(start);
    }
    if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
      at++;
      if (at < json.length && (json[at] == '+' || json[at] == '-')) {
        at++;
      }
      digits(start);
    }
    if (at < json.length && (Character.isLetterOrDigit(json[at]) || json[at] == '.')) {
      throw Syntax.notJson(start, "not a number");
    }
    if (at - start > LONGEST_NUMBER) {
      throw wrong("is a number of more than " + LONGEST_NUMBER + " characters");
    }
    said.bytes = json;
    said.from = start;
    said.to = at;
  }

  private void digits(int start) {
    int first = at;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      at++;
    }
    if (at == first) {
      throw Syntax.notJson(start, "not a number");
    }
  }

  /// Passes over a value, whatever it is.
  void skip() {
    skip(0);
  }

  private void skip(int depth) {
    if (depth > DEEPEST) {
      throw wrong("is nested too deeply");
    }
    switch (peek()) {
      case OBJECT -> {
        if (open('}')) {
          do {
            name();
            requireWhole();
            skip(depth + 1);
          } while (more('}'));
        }
      }
      case ARRAY -> {
        if (open(']')) {
          do {
            skip(depth + 1);
          } while (more(']'));
        }
      }
      case STRING -> wholeString();
      case NUMBER -> number();
      default -> literal();
    }
  }

  /// Makes sure that nothing follows.
  void end() {
    while (at < json.length && isBlank(json[at])) {
      at++;
    }
    if (at < json.length) {
      throw new JsonException("body", "goes on after its end, at byte " + at);
    }
  }

  /// Where it is, to come back with [#back].
  int mark() {
    return at;
  }

  void back(int mark) {
    at = mark;
  }

  /// The value that was looked at last, as it is written.
  String valueText() {
    int mark = at;
    at = token;
    try {
      skip();
      return new String(json, token, at - token, StandardCharsets.UTF_8);
    } catch (JsonException broken) {
      return "";
    } finally {
      at = mark;
    }
  }

  /// A refusal of the value or the name that was looked at last.
  JsonException wrong(String message) {
    return new JsonException(Place.of(json, prefix, token), message);
  }
}
