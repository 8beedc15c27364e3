package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import dev.agentserver.settings.flag.value.Values;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a rule looks its variables up: the context of the call, or one item inside `map`, `some`
/// and their like, from which `../` climbs out.
final class Frame {
  private final @Nullable Object context;
  private final @Nullable Frame outer;
  private final @Nullable Object iteration;

  /// The value that flagd's compiled rules call "prev": the one looked up or compared last.
  /// Comparisons read it, see [Comparison].
  @Nullable Object previous;

  private Frame(@Nullable Object context, @Nullable Frame outer, @Nullable Object iteration) {
    this.context = context;
    this.outer = outer;
    this.iteration = iteration;
  }

  static Frame of(@Nullable Object context) {
    return new Frame(context, null, null);
  }

  /// @param iteration what one `../` finds: the list itself, or its `index`
  Frame item(@Nullable Object item, @Nullable Object iteration) {
    return new Frame(item, this, iteration);
  }

  static Object position(int index) {
    return Map.of("index", (double) index);
  }

  @Nullable Object context() {
    return context;
  }

  static @Nullable Object property(@Nullable Object value, String name) {
    return value instanceof Context root ? root.property(name) : Values.property(value, name);
  }

  /// The value at this path, UNDEFINED where a step leads nowhere.
  static @Nullable Object find(@Nullable Object from, String[] path) {
    var found = from;
    for (var step : path) {
      if (found == null || found == Undefined.UNDEFINED) {
        return Undefined.UNDEFINED;
      }
      found = property(found, step);
    }
    return found;
  }

  /// As [#find], for a key that may climb: each `../` leaves an iteration in two steps, first to
  /// where it is, then to what is around it.
  @Nullable Object climb(String key) {
    var frame = this;
    var from = context;
    var rest = key;
    var leaving = false;
    while (rest.startsWith("../") && frame.outer != null) {
      from = leaving ? frame.outer.context : frame.iteration;
      frame = leaving ? frame.outer : frame;
      leaving = !leaving;
      rest = rest.substring("../".length());
    }
    return rest.isEmpty() ? from : find(from, Path.split(rest));
  }
}
