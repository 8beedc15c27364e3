package dev.agentserver.gateway.transcode.codec;

/// Prints whole numbers as such. JSON has one kind of number, and a Struct holds each as a double,
/// which JsonFormat prints as `3.0`: in languages that tell integers from floats a tool would get
/// another argument than the model gave it.
final class WholeNumbers {
  /// Beyond this not every integer is a double.
  private static final double LARGEST = 1L << 53;

  private WholeNumbers() {}

  /// The same JSON text, `3.0` as `3` and `1.0E10` as `10000000000`.
  static String plain(String json) {
    var plain = new StringBuilder(json.length());
    int at = 0;
    while (at < json.length()) {
      char first = json.charAt(at);
      int end =
          switch (first) {
            case '"' -> endOfString(json, at);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> endOfNumber(json, at);
            default -> at + 1;
          };
      if (first == '"' || end == at + 1) {
        plain.append(json, at, end);
      } else {
        plain.append(number(json.substring(at, end)));
      }
      at = end;
    }
    return plain.toString();
  }

  private static int endOfString(String json, int start) {
    int at = start + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int endOfNumber(String json, int start) {
    int at = start + 1;
    while (at < json.length() && "+-.eE0123456789".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static String number(String text) {
    if (text.indexOf('.') < 0 && text.indexOf('E') < 0) {
      return text;
    }
    double value = Double.parseDouble(text);
    // An integer has no negative zero.
    boolean whole = value == Math.rint(value) && Math.abs(value) <= LARGEST && value != 0;
    return whole || text.equals("0.0") ? Long.toString((long) value) : text;
  }
}
