package dev.agentserver.agentrun.text;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What an update is to change, by its mask (AIP-134, AIP-161).
public final class MaskProto {
  private static final String METADATA = "metadata";
  private static final String PAIR = METADATA + ".";
  private static final int MAX_PAIRS = 16;

  private final List<String> paths;

  private MaskProto(List<String> paths) {
    this.paths = paths;
  }

  /// @param changed the resource with its new values; without a mask, the fields that are set
  /// @param fields those that can be changed
  public static MaskProto of(FieldMask mask, Message changed, List<String> fields) {
    var paths = List.copyOf(mask.getPathsList());
    if (paths.isEmpty()) {
      return new MaskProto(fields.stream().filter(field -> isSet(changed, field)).toList());
    }
    if (paths.equals(List.of("*"))) {
      return new MaskProto(fields);
    }
    for (var path : paths) {
      if (!fields.contains(path) && !isPair(path, fields)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    return new MaskProto(paths);
  }

  private static boolean isPair(String path, List<String> fields) {
    return path.startsWith(PAIR) && path.length() > PAIR.length() && fields.contains(METADATA);
  }

  private static boolean isSet(Message message, String name) {
    var field = message.getDescriptorForType().findFieldByName(name);
    return field.isRepeated()
        ? message.getRepeatedFieldCount(field) > 0
        : !message.getField(field).equals(field.getDefaultValue());
  }

  public boolean has(String field) {
    return paths.contains(field);
  }

  /// The pairs after the change.
  ///
  /// @param resource what they are of, for the refusal of too many
  public Map<String, String> metadata(
      String resource, Map<String, String> old, Map<String, String> changed) {
    var pairs = new TreeMap<>(has(METADATA) ? ProtoText.clean(changed) : old);
    for (var path : paths) {
      if (path.startsWith(PAIR)) {
        var key = path.substring(PAIR.length());
        var value = changed.get(key);
        if (value == null) {
          pairs.remove(ProtoText.clean(key));
        } else {
          pairs.put(ProtoText.clean(key), ProtoText.clean(value));
        }
      }
    }
    if (pairs.size() > MAX_PAIRS) {
      throw Problem.invalid(resource + ".metadata", "must have at most " + MAX_PAIRS + " pairs");
    }
    return pairs;
  }
}
