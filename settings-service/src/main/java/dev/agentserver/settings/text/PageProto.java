package dev.agentserver.settings.text;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A page of messages: so many, or fewer where they would be more than 2 MiB, but one at least.
///
/// @param next what the next page begins after; empty on the last
public record PageProto<M>(List<M> items, String next) {
  private static final int BYTES = 2 * 1024 * 1024;

  /// @param found one more than the page has, where there are more
  /// @param token names the place after one of them
  public static <T, M extends Message> PageProto<M> of(
      List<T> found, int size, Function<T, M> toProto, Function<T, String> token) {
    var items = new ArrayList<M>();
    var bytes = 0L;
    for (var each : found.subList(0, Math.min(size, found.size()))) {
      var item = toProto.apply(each);
      bytes += item.getSerializedSize();
      if (bytes > BYTES && !items.isEmpty()) {
        break;
      }
      items.add(item);
    }
    var more = items.size() < found.size();
    return new PageProto<>(items, more ? token.apply(found.get(items.size() - 1)) : "");
  }
}
