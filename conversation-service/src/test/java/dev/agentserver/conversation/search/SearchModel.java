package dev.agentserver.conversation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What a search must find, by the shortest statement of the rules: texts are runs of letters;
/// those of scripts with spaces are compared whole, of the others any part.
final class SearchModel {
  /// Something to say, and how it is compared.
  record Atom(String text, String folded, boolean spaced) {}

  /// What stands between two things that are no letters.
  record Run(String folded, boolean spaced) {}

  /// Runs that must follow each other, the last of them perhaps the beginning of one only.
  record Term(List<Run> runs, boolean open) {}

  /// A text, or a piece of a query, beside what it is.
  record Said(String text, List<Run> runs) {}

  private static final List<Atom> ATOMS =
      List.of(
          new Atom("Straße", "strasse", true),
          new Atom("STRASSE", "strasse", true),
          new Atom("Über", "uber", true),
          new Atom("u\u0308ber", "uber", true),
          new Atom("hello", "hello", true),
          new Atom("HÉLLO", "hello", true),
          new Atom("Мир", "мир", true),
          new Atom("x1", "x1", true),
          new Atom("東京", "東京", false),
          new Atom("都", "都", false),
          new Atom("京", "京", false),
          new Atom("ข้าว", "ข้าว", false),
          new Atom("กิน", "กิน", false),
          new Atom("カー", "カー", false),
          new Atom("서울", "서울", false));

  private static final List<String> BETWEEN = List.of(" ", ", ", "\n\n", "-", " 👍 ", "", "");

  private SearchModel() {}

  /// A text of so many words at most.
  static Said text(RandomGenerator random, int most, List<String> between) {
    var text = new StringBuilder();
    var runs = new ArrayList<Run>();
    var apart = true;
    for (var i = random.nextInt(1, most + 1); i > 0; i--) {
      var atom = ATOMS.get(random.nextInt(ATOMS.size()));
      var last = apart ? null : runs.getLast();
      if (last != null && last.spaced() == atom.spaced()) {
        runs.removeLast();
        runs.add(new Run(last.folded() + atom.folded(), atom.spaced()));
      } else {
        runs.add(new Run(atom.folded(), atom.spaced()));
      }
      var separator = between.get(random.nextInt(between.size()));
      text.append(atom.text()).append(separator);
      apart = !separator.isEmpty();
    }
    return new Said(text.toString(), List.copyOf(runs));
  }

  static Said text(RandomGenerator random) {
    return text(random, 8, BETWEEN);
  }

  static boolean finds(List<Term> query, List<Run> text) {
    return query.stream()
        .allMatch(
            term ->
                IntStream.rangeClosed(0, text.size() - term.runs().size())
                    .anyMatch(at -> isAt(term, text, at)));
  }

  private static boolean isAt(Term term, List<Run> text, int at) {
    var last = term.runs().size() - 1;
    return IntStream.rangeClosed(0, last)
        .allMatch(
            i -> {
              var wanted = term.runs().get(i);
              var there = text.get(at + i);
              if (wanted.spaced() != there.spaced()) {
                return false;
              }
              if (wanted.spaced()) {
                return i == last && term.open()
                    ? there.folded().startsWith(wanted.folded())
                    : there.folded().equals(wanted.folded());
              }
              var whole = there.folded();
              var part = wanted.folded();
              return i == 0 && i == last
                  ? whole.contains(part)
                  : i == 0
                      ? whole.endsWith(part)
                      : i == last ? whole.startsWith(part) : whole.equals(part);
            });
  }
}
