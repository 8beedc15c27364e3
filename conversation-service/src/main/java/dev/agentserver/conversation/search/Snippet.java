package dev.agentserver.conversation.search;

import dev.agentserver.conversation.index.Word;
import dev.agentserver.conversation.index.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A piece of a text around the first thing that was looked for.
///
/// @param highlights where in the piece there is what was looked for, in order and disjoint
record Snippet(String text, List<Range> highlights) {
  private static final int BEFORE = 60;
  private static final int LENGTH = 240;
  private static final String LEFT_OUT = "…";

  /// A part of a text.
  ///
  /// @param end the first character that is not of it
  record Range(int start, int end) {}

  /// @param text normal, as [Words#normal] has it
  static Snippet of(String text, Query query) {
    var found = found(Words.of(text), query);
    var from = found.isEmpty() ? 0 : from(text, found.getFirst().start());
    var to = to(text, from, found.isEmpty() ? 0 : found.getFirst().end());
    var piece = new StringBuilder(from == 0 ? "" : LEFT_OUT);
    var shift = piece.length() - from;
    piece.append(text, from, to).append(to == text.length() ? "" : LEFT_OUT);
    for (var i = 0; i < piece.length(); i++) {
      if (Character.isWhitespace(piece.charAt(i))) {
        piece.setCharAt(i, ' ');
      }
    }
    var highlights =
        found.stream()
            .filter(range -> range.start() < to)
            .map(range -> new Range(range.start() + shift, Math.min(range.end(), to) + shift))
            .map(range -> inCodePoints(piece, range))
            .toList();
    return new Snippet(piece.toString(), highlights);
  }

  /// Where there is what was looked for, what overlaps or touches as one.
  private static List<Range> found(List<Word> words, Query query) {
    var ranges = new ArrayList<Range>();
    for (var i = 0; i < words.size(); i++) {
      for (var term : query.terms()) {
        if (term.isAt(words, i)) {
          ranges.add(new Range(words.get(i).start(), term.end(words, i)));
        }
      }
    }
    ranges.sort(Comparator.comparingInt(Range::start));
    var joined = new ArrayList<Range>();
    for (var range : ranges) {
      var before = joined.isEmpty() ? null : joined.getLast();
      if (before != null && range.start() <= before.end()) {
        joined.removeLast();
        joined.add(new Range(before.start(), Math.max(before.end(), range.end())));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /// A little before the place, at the beginning of a word where there is one.
  private static int from(String text, int place) {
    var from = place - BEFORE;
    if (from <= 0) {
      return 0;
    }
    for (var at = from; at < place; at++) {
      if (Character.isWhitespace(text.charAt(at))) {
        return at + 1;
      }
    }
    return whole(text, from);
  }

  /// Behind the place, at the end of a word where there is one.
  private static int to(String text, int from, int place) {
    var to = from + LENGTH;
    if (to >= text.length()) {
      return text.length();
    }
    for (var at = to; at > Math.max(place, from + LENGTH / 2); at--) {
      if (Character.isWhitespace(text.charAt(at))) {
        return at;
      }
    }
    return whole(text, to);
  }

  /// The nearest place before this one that is not within a character and its marks.
  private static int whole(String text, int place) {
    var at = place;
    while (at > 0 && (Character.isLowSurrogate(text.charAt(at)) || isMark(text.charAt(at)))) {
      at--;
    }
    return at;
  }

  private static boolean isMark(char character) {
    var type = Character.getType(character);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static Range inCodePoints(CharSequence text, Range range) {
    var start = Character.codePointCount(text, 0, range.start());
    return new Range(start, start + Character.codePointCount(text, range.start(), range.end()));
  }
}
