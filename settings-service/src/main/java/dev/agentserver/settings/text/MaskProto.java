package dev.agentserver.settings.text;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.agentserver.kit.problem.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which fields an update is about (AIP-134, AIP-161).
public final class MaskProto {
  private MaskProto() {}

  /// Those that the mask names; without one those that are set.
  ///
  /// @param all what can be changed
  public static Set<String> fields(FieldMask mask, List<String> all, Message resource) {
    List<String> paths = mask.getPathsList();
    if (paths.equals(List.of("*"))) {
      return Set.copyOf(all);
    }
    if (paths.isEmpty()) {
      return resource.getAllFields().keySet().stream()
          .map(FieldDescriptor::getName)
          .filter(all::contains)
          .collect(Collectors.toSet());
    }
    for (var path : paths) {
      if (!all.contains(path)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    return new LinkedHashSet<>(paths);
  }

  /// Clients may send back the whole resource; another value is refused.
  public static void same(String field, String sent, Object current) {
    if (!sent.isEmpty() && !sent.equals(current.toString())) {
      throw Problem.invalid(field, "cannot be changed");
    }
  }

  public static String required(String field, String value) {
    if (value.isEmpty()) {
      throw Problem.invalid(field, "must be set");
    }
    return value;
  }
}
