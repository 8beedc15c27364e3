package dev.agentserver.settings.flag.logic;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import dev.agentserver.settings.flag.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `fractional`: a share of the callers for each variant, always the same for one caller. The
/// bucket is `murmur3_x86_32(key) * totalWeight >> 32`, of the key's UTF-8 (flagd, fractional
/// operator v2); the key is the first argument where that is text, else the flag's key followed by
/// the targetingKey.
final class Fractional {
  private static final HashFunction HASH = Hashing.murmur3_32_fixed();

  /// A variant, and its weight of the total.
  private record Bucket(@Nullable Object variant, long weight) {}

  private Fractional() {}

  static Node compile(@Nullable Object arguments, Compiler compiler) {
    return Texts.ofContext(compiler.list(arguments), Fractional::choose);
  }

  /// Null where there is no key, no bucket, or something that is none.
  private static @Nullable Object choose(List<?> arguments, Context context) {
    if (arguments.isEmpty()) {
      return null;
    }
    if (arguments.getFirst() instanceof String key) {
      return choose(key, arguments.subList(1, arguments.size()));
    }
    var caller = context.property(Context.TARGETING_KEY);
    return Values.isFalsy(caller)
        ? null
        : choose(context.flagKey() + Values.string(caller), arguments);
  }

  private static @Nullable Object choose(String key, List<?> arguments) {
    var buckets = new ArrayList<Bucket>(arguments.size());
    var total = 0L;
    for (var argument : arguments) {
      if (!(argument instanceof List<?> list && isBucket(list))) {
        return null;
      }
      var bucket = bucket(list);
      buckets.add(bucket);
      total += bucket.weight;
    }
    if (total > Integer.MAX_VALUE) {
      return null;
    }
    var hash = Integer.toUnsignedLong(HASH.hashString(key, StandardCharsets.UTF_8).asInt());
    var left = (hash * total) >>> Integer.SIZE;
    for (var bucket : buckets) {
      left -= bucket.weight;
      if (left < 0) {
        return bucket.variant;
      }
    }
    return null;
  }

  private static boolean isBucket(List<?> list) {
    return switch (list.size()) {
      case 1 -> !Values.isObject(list.get(0));
      case 2 ->
          !Values.isObject(list.get(0))
              && list.get(1) instanceof Double weight
              && weight == Math.rint(weight)
              && !weight.isInfinite();
      default -> false;
    };
  }

  /// A weight below 0, as a rollout that is computed may have it, is 0.
  private static Bucket bucket(List<?> list) {
    var weight = list.size() == 2 ? Math.max(0, ((Double) list.get(1)).longValue()) : 1;
    return new Bucket(list.getFirst(), Math.min(weight, Integer.MAX_VALUE + 1L));
  }
}
