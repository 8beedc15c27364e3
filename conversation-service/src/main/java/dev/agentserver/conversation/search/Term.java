package dev.agentserver.conversation.search;

import dev.agentserver.conversation.index.Word;
import dev.agentserver.conversation.index.Word.Kind;
import java.util.List;
import java.util.stream.Collectors;

/// Words that follow each other.
///
/// @param open whether the last of them is the beginning of a word
record Term(List<String> words, boolean open) {
  /// As a tsquery. Words are letters and digits and need no escaping.
  String query() {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" <-> "))
        + (open ? ":*" : "");
  }

  /// Whether the words of a text at this place are these.
  boolean isAt(List<Word> text, int place) {
    if (place + words.size() > text.size()) {
      return false;
    }
    for (var i = 0; i < words.size(); i++) {
      var there = text.get(place + i).text();
      var beginning = open && i == words.size() - 1;
      if (beginning ? !there.startsWith(words.get(i)) : !there.equals(words.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Where it ends in a text that has it at this place. Of a pair whose first character was looked
  /// for the second is not of it.
  int end(List<Word> text, int place) {
    var last = text.get(place + words.size() - 1);
    var half = last.kind() == Kind.PAIR && last.text().length() > words.getLast().length();
    return half ? text.get(place + words.size()).start() : last.end();
  }
}
