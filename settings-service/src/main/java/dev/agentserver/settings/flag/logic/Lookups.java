package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import dev.agentserver.settings.flag.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `var`, `missing` and `missing_some`.
final class Lookups {
  private static final String[] HERE = {};

  private Lookups() {}

  static Node variable(@Nullable Object arguments, Compiler compiler) {
    if (arguments instanceof Map || arguments instanceof List<?> list && isComputed(list)) {
      return named(compiler.oneOrMany(arguments));
    }
    var key =
        arguments instanceof List<?> list ? (list.isEmpty() ? null : list.getFirst()) : arguments;
    var name = key == null ? "" : Values.string(key);
    if (name.startsWith("../")) {
      return named(compiler.compile(arguments));
    }
    var path = name.isEmpty() ? HERE : Path.split(name);
    if (!compiler.isCompiled()) {
      return arguments instanceof List<?> list && list.size() > 1
          ? named(compiler.compile(arguments))
          : interpreted(path);
    }
    var fallback = arguments instanceof List<?> list && list.size() > 1 ? list.get(1) : null;
    return compiled(path, compiler.compile(fallback));
  }

  private static boolean isComputed(List<?> arguments) {
    return arguments.size() > 2
        || (!arguments.isEmpty()
            && (Values.isObject(arguments.getFirst()) || arguments.getFirst() instanceof Boolean));
  }

  private static Node compiled(String[] path, Node fallback) {
    if (path.length == 0) {
      return Frame::context;
    }
    return frame -> {
      var found = Frame.find(frame.context(), path);
      if (found == null || found == Undefined.UNDEFINED) {
        found = fallback.evaluate(frame);
      }
      frame.previous = found;
      return found;
    };
  }

  /// Two or three steps stop at the first value that is false, and answer it.
  private static Node interpreted(String[] path) {
    if (path.length < 2 || path.length > 3) {
      return frame -> orNull(Frame.find(frame.context(), path));
    }
    return frame -> {
      var found = frame.context();
      for (var step : path) {
        if (Values.isFalsy(found)) {
          break;
        }
        found = Frame.property(found, step);
      }
      return orNull(found);
    };
  }

  /// A name, or a name and what stands for a value that is not there, known only when evaluated.
  private static Node named(Node arguments) {
    if (arguments instanceof Node.Failing) {
      return arguments;
    }
    return frame -> {
      var given = arguments.evaluate(frame);
      if (!(given instanceof List<?> list)) {
        return orNull(find(frame, given));
      }
      var found = find(frame, list.isEmpty() ? null : list.getFirst());
      return found == Undefined.UNDEFINED && list.size() > 1 ? list.get(1) : orNull(found);
    };
  }

  private static @Nullable Object find(Frame frame, @Nullable Object key) {
    return key == null || key.equals("") ? frame.context() : frame.climb(Values.string(key));
  }

  private static @Nullable Object orNull(@Nullable Object found) {
    return found == Undefined.UNDEFINED ? null : found;
  }

  static Node missing(@Nullable Object arguments, Compiler compiler) {
    var names = compiler.list(arguments);
    return names instanceof Node.Failing
        ? names
        : frame -> missing((List<?>) names.evaluate(frame), frame);
  }

  private static List<@Nullable Object> missing(List<?> names, Frame frame) {
    var missing = new ArrayList<@Nullable Object>();
    for (var name : names) {
      if (!isThere(frame.context(), Path.split(Values.string(name)))) {
        missing.add(name);
      }
    }
    return missing;
  }

  private static boolean isThere(@Nullable Object from, String[] path) {
    var found = from;
    for (var step : path) {
      if (Values.isFalsy(found)) {
        return false;
      }
      found = Frame.property(found, step);
      if (found == Undefined.UNDEFINED) {
        return false;
      }
    }
    return true;
  }

  static Node missingSome(@Nullable Object arguments, Compiler compiler) {
    if (!(arguments instanceof List<?> list) || list.size() < 2) {
      throw LogicError.arguments("missing_some");
    }
    var least = compiler.compile(list.get(0));
    var names =
        compiler.isCompiled() ? new Node.Constant(list.get(1)) : compiler.compile(list.get(1));
    return frame -> {
      if (!(names.evaluate(frame) instanceof List<?> wanted)) {
        throw LogicError.arguments("missing_some");
      }
      var missing = missing(wanted, frame);
      compiler.remember(missing, frame);
      var enough = Values.number(least.evaluate(frame));
      return wanted.size() - missing.size() < enough ? missing : new ArrayList<>();
    };
  }
}
