package dev.agentserver.conversation.rule;

import java.util.ArrayList;
import java.util.List;

/// Finds numbers of payment cards: 13 to 19 digits, alone or in groups that a space or hyphen
/// parts, that begin as those of the networks do and whose last digit is right by Luhn's formula.
final class Cards implements Finder {
  private static final int MIN = 13;
  private static final int MAX = 19;

  @Override
  public List<Span> find(String text) {
    var spans = new ArrayList<Span>();
    var at = 0;
    while (at < text.length()) {
      var end = begins(text, at) ? end(text, at) : -1;
      if (end > 0) {
        spans.add(new Span(at, end));
        at = end;
      } else {
        at++;
      }
    }
    return spans;
  }

  private static boolean begins(String text, int at) {
    var digit = text.charAt(at);
    return digit >= '2' && digit <= '6' && (at == 0 || !isDigit(text.charAt(at - 1)));
  }

  /// Where the longest number that begins here ends; -1: none does.
  private static int end(String text, int start) {
    var digits = new int[MAX];
    var count = 0;
    var end = -1;
    for (var at = start; at < text.length() && count < MAX; at++) {
      var character = text.charAt(at);
      if (isDigit(character)) {
        digits[count++] = character - '0';
        var last = at + 1 == text.length() || !isDigit(text.charAt(at + 1));
        end = last && count >= MIN && isRight(digits, count) ? at + 1 : end;
      } else if (!(character == ' ' || character == '-')
          || at + 1 == text.length()
          || !isDigit(text.charAt(at + 1))) {
        break;
      }
    }
    return end;
  }

  private static boolean isRight(int[] digits, int count) {
    var sum = 0;
    for (var i = 0; i < count; i++) {
      var digit = digits[count - 1 - i];
      var doubled = i % 2 == 0 ? digit : digit * 2;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
