package dev.agentserver.gateway.limit;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The most that each may do: calls and watches a minute, streams at one time. What is not named
/// has no limit. They hold in one process; replicas of the gateway count each for itself.
public record Limits(Map<Counted, Map<Scope, Integer>> most) {
  private static final Pattern FORM =
      Pattern.compile("(calls|watches|streams)\\.(address|key|user|tenant)=(\\d{1,9})");

  /// Nothing is limited.
  public static final Limits NONE = new Limits(Map.of());

  /// A caller that is quick gets through, one that has lost its senses does not.
  public static final Limits DEFAULT =
      NONE.with(
          "calls.address=6000;calls.key=60000;calls.user=60000;calls.tenant=300000;"
              + "watches.address=6000;watches.key=120000;watches.user=120000;watches.tenant=600000;"
              + "streams.address=1000;streams.key=2000;streams.user=2000;streams.tenant=10000");

  public Limits {
    most =
        most.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, each -> Map.copyOf(each.getValue())));
  }

  /// The limit; empty where there is none.
  public Optional<Integer> find(Counted counted, Scope scope) {
    return Optional.ofNullable(most.getOrDefault(counted, Map.of()).get(scope));
  }

  /// The same with other values, written `calls.key=600;streams.user=20`; 0 is no limit. What is
  /// wrong in it is an IllegalArgumentException.
  public Limits with(String text) {
    var all = new EnumMap<Counted, Map<Scope, Integer>>(Counted.class);
    most.forEach((counted, values) -> all.put(counted, new LinkedHashMap<>(values)));
    Stream.of(text.split(";"))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .forEach(entry -> put(all, entry));
    return new Limits(all);
  }

  private static void put(Map<Counted, Map<Scope, Integer>> all, String entry) {
    var form = FORM.matcher(entry);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\""
              + entry
              + "\" is no limit; one is calls.key=600, watches.user=0 or streams.tenant=50");
    }
    var values =
        all.computeIfAbsent(
            Counted.valueOf(form.group(1).toUpperCase(Locale.ROOT)), _ -> new LinkedHashMap<>());
    var scope = Scope.valueOf(form.group(2).toUpperCase(Locale.ROOT));
    var most = Integer.parseInt(form.group(3));
    if (most == 0) {
      values.remove(scope);
    } else {
      values.put(scope, most);
    }
  }
}
