package dev.agentserver.gateway.transcode.route;

import dev.agentserver.gateway.fault.Fault;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the template that a path matches. A literal beats `*`, which beats `**`; a way that leads
/// nowhere is given up for the next best. The work is bounded by the templates, not by the path: a
/// path of 64,000 slashes costs no more than its splitting.
///
/// @param <T> what the templates stand for
public final class RouteTrie<T> {
  /// A custom kind that takes every HTTP method.
  public static final String ANY_METHOD = "*";

  /// What a lookup comes to.
  public sealed interface Lookup<T> {
    /// A template matches.
    ///
    /// @param variables field path to decoded value
    record Found<T>(T target, Map<String, String> variables) implements Lookup<T> {}

    /// Templates match, but not with this method.
    record WrongMethod<T>(Set<String> allowed) implements Lookup<T> {}

    /// No template matches.
    record Nothing<T>() implements Lookup<T> {}
  }

  /// @param twin whether another route is the same, so that neither is found
  private record Leaf<T>(Template template, T target, boolean twin) {}

  private static final class Node<T> {
    private final Map<String, Node<T>> literals = new HashMap<>();
    private final List<Tail<T>> tails = new ArrayList<>();
    private final Map<String, Leaf<T>> here = new HashMap<>();
    private @Nullable Node<T> any;
  }

  /// What follows a `**`: literals, longest first in the list of a node.
  private record Tail<T>(List<String> literals, Map<String, Leaf<T>> here) {
    boolean matches(List<String> parts, int at) {
      int left = parts.size() - at - literals.size();
      return (literals.isEmpty() ? left >= 0 : left > 0)
          && parts.subList(parts.size() - literals.size(), parts.size()).equals(literals);
    }
  }

  private record Search(List<String> parts, String method, Set<String> allowed) {}

  private final Map<String, Node<T>> roots = new HashMap<>();
  private final Unescape unescape;
  private final boolean anyVerb;
  private final boolean hidesTwins;

  /// @param unescape what is decoded in variables of several segments; those of one are always
  /// decoded in full
  public RouteTrie(Unescape unescape) {
    this(unescape, false, false);
  }

  /// @param anyVerb whether what follows the last colon is a verb also where no template has it
  /// @param hidesTwins whether templates that no path could tell apart are not found, instead of
  /// refused
  public RouteTrie(Unescape unescape, boolean anyVerb, boolean hidesTwins) {
    this.unescape = unescape;
    this.anyVerb = anyVerb;
    this.hidesTwins = hidesTwins;
    roots.put("", new Node<>());
  }

  /// Adds a template; one that no path could tell from an earlier one is refused, or hides both.
  public void add(String method, Template template, T target) {
    var verb = template.verb() == null ? "" : template.verb();
    var node = roots.computeIfAbsent(verb, _ -> new Node<>());
    Map<String, Leaf<T>> place = null;
    var segments = template.segments();
    for (int i = 0; i < segments.size() && place == null; i++) {
      switch (segments.get(i)) {
        case Segment.Literal(var text) ->
            node = node.literals.computeIfAbsent(text, _ -> new Node<>());
        case Segment.Any() -> {
          node.any = node.any == null ? new Node<>() : node.any;
          node = node.any;
        }
        case Segment.Rest() -> place = tail(node, segments.subList(i + 1, segments.size()));
      }
    }
    var leaves = place == null ? node.here : place;
    var earlier = leaves.putIfAbsent(method, new Leaf<>(template, target, false));
    if (earlier != null && hidesTwins) {
      leaves.put(method, new Leaf<>(template, target, true));
    } else if (earlier != null) {
      throw new IllegalArgumentException(
          "two routes are the same: %s %s (%s) and %s %s (%s)"
              .formatted(method, earlier.template, earlier.target, method, template, target));
    }
  }

  private Map<String, Leaf<T>> tail(Node<T> node, List<Segment> segments) {
    var literals =
        segments.stream().map(Segment.Literal.class::cast).map(Segment.Literal::text).toList();
    for (var tail : node.tails) {
      if (tail.literals.equals(literals)) {
        return tail.here;
      }
    }
    var added = new Tail<T>(literals, new HashMap<>());
    node.tails.add(added);
    node.tails.sort(Comparator.comparing((Tail<T> each) -> each.literals.size()).reversed());
    return added.here;
  }

  /// Looks a path up.
  ///
  /// @param path the path as it was sent, without query
  public Lookup<T> find(String method, String path) {
    if (!path.startsWith("/")) {
      return new Lookup.Nothing<>();
    }
    var parts = split(path);
    var verb = verb(path);
    if (verb != null) {
      var last = parts.removeLast();
      parts.add(last.substring(0, last.length() - verb.length() - 1));
    }
    var search = new Search(parts, method, new TreeSet<>());
    var root = roots.get(verb == null ? "" : verb);
    var leaf = root == null ? null : walk(root, 0, search);
    if (leaf != null) {
      return new Lookup.Found<>(leaf.target, variables(leaf.template, parts));
    }
    return search.allowed.isEmpty()
        ? new Lookup.Nothing<>()
        : new Lookup.WrongMethod<>(search.allowed);
  }

  /// The segments; slashes at the end add none.
  private static List<String> split(String path) {
    var parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
    while (!parts.isEmpty() && parts.getLast().isEmpty()) {
      parts.removeLast();
    }
    return parts;
  }

  /// What follows the last colon of the last segment, where some template has it as its verb.
  private @Nullable String verb(String path) {
    int colon = path.lastIndexOf(':');
    if (colon <= path.lastIndexOf('/')) {
      return null;
    }
    var verb = path.substring(colon + 1);
    return !verb.isEmpty() && (anyVerb || roots.containsKey(verb)) ? verb : null;
  }

  private @Nullable Leaf<T> walk(Node<T> node, int at, Search search) {
    if (at == search.parts.size()) {
      var leaf = take(node.here, search);
      return leaf != null ? leaf : tails(node, at, search);
    }
    var part = search.parts.get(at);
    var literal = node.literals.get(part);
    if (literal != null) {
      var leaf = walk(literal, at + 1, search);
      if (leaf != null) {
        return leaf;
      }
    }
    if (node.any != null && !part.isEmpty()) {
      var leaf = walk(node.any, at + 1, search);
      if (leaf != null) {
        return leaf;
      }
    }
    return tails(node, at, search);
  }

  private @Nullable Leaf<T> tails(Node<T> node, int at, Search search) {
    for (var tail : node.tails) {
      if (tail.matches(search.parts, at)) {
        var leaf = take(tail.here, search);
        if (leaf != null) {
          return leaf;
        }
      }
    }
    return null;
  }

  private @Nullable Leaf<T> take(Map<String, Leaf<T>> here, Search search) {
    var leaf = here.get(search.method);
    if (leaf == null) {
      leaf = here.get(ANY_METHOD);
    }
    if (leaf == null) {
      search.allowed.addAll(here.keySet());
    }
    return leaf == null || leaf.twin ? null : leaf;
  }

  private Map<String, String> variables(Template template, List<String> parts) {
    var values = new HashMap<String, String>();
    for (var variable : template.variables()) {
      int start = place(template, variable.start(), parts.size());
      int end = place(template, variable.end(), parts.size());
      var text = String.join("/", parts.subList(start, end));
      var single =
          variable.end() - variable.start() == 1
              && !(template.segments().get(variable.start()) instanceof Segment.Rest);
      try {
        values.put(variable.field(), (single ? Unescape.ALL : unescape).decode(text));
      } catch (CharacterCodingException notText) {
        throw Fault.invalid(variable.field(), "is not UTF-8 in the path");
      }
    }
    return values;
  }

  /// Where a boundary between segments of the template lies in the path: what follows `**` is
  /// counted from the end.
  private static int place(Template template, int boundary, int parts) {
    int rest = template.rest();
    return rest < 0 || boundary <= rest
        ? boundary
        : parts - (template.segments().size() - boundary);
  }
}
