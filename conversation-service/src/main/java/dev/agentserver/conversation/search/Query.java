package dev.agentserver.conversation.search;

import dev.agentserver.conversation.index.Word;
import dev.agentserver.conversation.index.Word.Kind;
import dev.agentserver.conversation.index.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What is looked for: terms that must all be there. Any text is a query: what is between quotes is
/// one term, the rest is cut at spaces, and signs that mean nothing are passed over.
record Query(List<Term> terms) {
  static Query of(String text) {
    var terms = new ArrayList<Term>();
    var pieces = Words.normal(text).split("[\"“”„«»]", -1);
    for (var i = 0; i < pieces.length; i++) {
      // Behind an odd number of quotes, if there is one more to end it.
      if (i % 2 == 1 && i < pieces.length - 1) {
        add(terms, pieces[i], false);
      } else {
        for (var word : pieces[i].split("\\s+", -1)) {
          add(terms, word, word.endsWith("*"));
        }
      }
    }
    return new Query(terms.stream().distinct().toList());
  }

  /// The last character of a run ends it only where another word follows. Alone it stands for every
  /// pair that begins with it.
  private static void add(List<Term> terms, String text, boolean open) {
    var words = Words.of(text);
    if (words.isEmpty()) {
      return;
    }
    var last = words.getLast();
    var part = last.kind() == Kind.LAST;
    if (part && words.size() > 1 && words.get(words.size() - 2).kind() == Kind.PAIR) {
      words = words.subList(0, words.size() - 1);
      part = false;
    }
    terms.add(
        new Term(
            words.stream().map(Word::text).toList(), part || open && last.kind() == Kind.WHOLE));
  }

  boolean isEmpty() {
    return terms.isEmpty();
  }

  /// What the index answers; empty: nothing.
  String exact() {
    return all(term -> !term.open());
  }

  /// What is left to be looked for in what was found; empty: nothing.
  String open() {
    return all(Term::open);
  }

  private String all(Predicate<Term> which) {
    return terms.stream()
        .filter(which)
        .map(term -> "(" + term.query() + ")")
        .collect(Collectors.joining(" & "));
  }
}
