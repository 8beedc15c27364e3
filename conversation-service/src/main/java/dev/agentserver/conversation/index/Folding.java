package dev.agentserver.conversation.index;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Map;

/// Takes from characters what does not matter when words are compared: case, accents, and which of
/// several forms of the same letter it is.
final class Folding {
  /// Letters that are no composition of a letter and an accent, but are typed as if they were.
  private static final Map<Integer, String> LETTERS =
      Map.ofEntries(
          Map.entry((int) 'ß', "ss"),
          Map.entry((int) 'æ', "ae"),
          Map.entry((int) 'œ', "oe"),
          Map.entry((int) 'ø', "o"),
          Map.entry((int) 'đ', "d"),
          Map.entry((int) 'ð', "d"),
          Map.entry((int) 'þ', "th"),
          Map.entry((int) 'ħ', "h"),
          Map.entry((int) 'ł', "l"),
          Map.entry((int) 'ŧ', "t"),
          Map.entry((int) 'ı', "i"),
          Map.entry((int) 'ς', "σ"));

  private static final int ZERO_WIDTH_SPACE = 0x200B;

  private Folding() {}

  /// Whether a word can begin with the character.
  static boolean isOfWord(int character) {
    return Character.isLetterOrDigit(character)
        || Character.getType(character) == Character.LETTER_NUMBER
        || isMark(character);
  }

  /// Whether the character is of the word that stands before it, whatever that is.
  static boolean continuesWord(int character) {
    return isMark(character)
        || Character.getType(character) == Character.FORMAT && character != ZERO_WIDTH_SPACE;
  }

  /// A character by itself.
  static String fold(int character) {
    return isPlain(character) ? Character.toString(character) : fold(Character.toString(character));
  }

  static String fold(String word) {
    var small = word.toLowerCase(Locale.ROOT);
    if (small.chars().allMatch(character -> character < 0x80)) {
      return small;
    }
    var letters = new StringBuilder(word.length());
    Normalizer.normalize(word, Form.NFKD)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(character -> isOfWord(character) && !isAccent(character))
        .forEach(character -> append(letters, character));
    return Normalizer.normalize(letters, Form.NFC);
  }

  private static void append(StringBuilder letters, int character) {
    var other = LETTERS.get(character);
    if (other == null) {
      letters.appendCodePoint(character);
    } else {
      letters.append(other);
    }
  }

  /// What most texts without spaces consist of, and what nothing has to be taken from.
  private static boolean isPlain(int character) {
    return character >= 0x4E00 && character <= 0x9FFF
        || character >= 0xAC00 && character <= 0xD7A3
        || character >= 0x3041 && character <= 0x3096
        || character >= 0x30A1 && character <= 0x30FA
        || character >= 0x0E01 && character <= 0x0E32;
  }

  /// Marks of Thai, of Indian scripts and of kana make other letters; the others only say how to
  /// pronounce one.
  private static boolean isAccent(int character) {
    if (Character.getType(character) != Character.NON_SPACING_MARK) {
      return false;
    }
    return switch (UnicodeScript.of(character)) {
      case INHERITED -> character != 0x3099 && character != 0x309A;
      case ARABIC, HEBREW -> true;
      default -> false;
    };
  }

  private static boolean isMark(int character) {
    var type = Character.getType(character);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }
}
