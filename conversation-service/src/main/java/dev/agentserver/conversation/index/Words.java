package dev.agentserver.conversation.index;

import dev.agentserver.conversation.index.Word.Kind;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Cuts texts into words. What is written without spaces becomes pairs of characters that overlap,
/// and its last character, so that any part of it is a phrase of pairs.
public final class Words {
  /// What of a text is looked at, in code points.
  public static final int MAX_TEXT = 200_000;

  private static final int MAX_WORD = 64;

  private static final Set<UnicodeScript> WITHOUT_SPACES =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private final String text;
  private final List<Word> words = new ArrayList<>();

  private Words(String text) {
    this.text = text;
  }

  /// What of a text is searched, with each character in its composed form.
  public static String normal(String text) {
    var whole = text.length() <= MAX_TEXT || text.codePointCount(0, text.length()) <= MAX_TEXT;
    var beginning = whole ? text : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT));
    return Normalizer.normalize(beginning, Form.NFC);
  }

  /// The words of a text that is normal.
  public static List<Word> of(String text) {
    var words = new Words(text);
    words.read();
    return words.words;
  }

  private void read() {
    var at = 0;
    while (at < text.length()) {
      var first = text.codePointAt(at);
      if (!Folding.isOfWord(first)) {
        at += Character.charCount(first);
        continue;
      }
      var paired = paired(first);
      var end = end(at, paired);
      if (paired) {
        addPairs(at, end);
      } else {
        addWhole(at, end);
      }
      at = end;
    }
  }

  /// Where the run of characters of one kind ends.
  private int end(int start, boolean paired) {
    var at = start;
    while (at < text.length()) {
      var next = text.codePointAt(at);
      if (!Folding.continuesWord(next) && !(Folding.isOfWord(next) && paired(next) == paired)) {
        break;
      }
      at += Character.charCount(next);
    }
    return at;
  }

  private void addWhole(int start, int end) {
    var word = Folding.fold(text.substring(start, end));
    if (!word.isEmpty()) {
      var whole = word.length() <= MAX_WORD || word.codePointCount(0, word.length()) <= MAX_WORD;
      words.add(
          new Word(
              whole ? word : word.substring(0, word.offsetByCodePoints(0, MAX_WORD)),
              Kind.WHOLE,
              start,
              end));
    }
  }

  private void addPairs(int start, int end) {
    Word before = null;
    for (var at = start; at < end; ) {
      var character = text.codePointAt(at);
      var next = at + Character.charCount(character);
      var folded = Folding.fold(character);
      if (!folded.isEmpty()) {
        if (before != null) {
          words.add(new Word(before.text() + folded, Kind.PAIR, before.start(), next));
        }
        before = new Word(folded, Kind.LAST, at, next);
      }
      at = next;
    }
    if (before != null) {
      words.add(before);
    }
  }

  private static boolean paired(int character) {
    return character >= 0x0E00 && WITHOUT_SPACES.contains(UnicodeScript.of(character))
        || isKanaSign(character);
  }

  /// The signs of length and voice are of no script, but stand in Japanese only.
  private static boolean isKanaSign(int character) {
    return character == 'ー' || character == 'ｰ' || character == 'ﾞ' || character == 'ﾟ';
  }
}
