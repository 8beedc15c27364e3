package dev.agentserver.gateway.transcode.binding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Unescape;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Binds query parameters: `page_size=5`, `pageSize=5`, `book.title=x`, `tags=a&tags=b`,
/// `metadata.color=red` or `metadata[color]=red`. A parameter that names no field is refused.
final class Query {
  private static final String ORIGIN = "the query";
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private final Descriptor type;
  private final Set<String> ignored;

  /// @param type the request message
  /// @param ignored parameters that are for others
  Query(Descriptor type, Set<String> ignored) {
    this.type = type;
    this.ignored = ignored;
  }

  List<Bound> bind(String query) {
    var bound = new ArrayList<Bound>();
    var seen = new HashSet<String>();
    for (var entry : query.split("&")) {
      int equals = entry.indexOf('=');
      if (equals > 0 && ignored.contains(entry.substring(0, equals))) {
        continue;
      }
      if (equals > 0) {
        var value = parameter(entry.substring(0, equals), entry.substring(equals + 1));
        if (value.isSingle() && !seen.add(value.name())) {
          throw Fault.invalid(value.name(), "is twice in the query");
        }
        bound.add(value);
      } else if (!entry.isEmpty()) {
        throw Fault.invalid(entry, "has no value in the query");
      }
    }
    return bound;
  }

  private Bound parameter(String rawName, String rawValue) {
    var name = decode(rawName, rawName);
    var value = decode(rawName, rawValue);
    // A name is taken as it was sent first: a JSON name may hold percent signs.
    var field = FieldPath.resolve(type, rawName).or(() -> FieldPath.resolve(type, name));
    if (field.isPresent() && !field.get().leaf().isMapField()) {
      return bound(name, field.get(), value);
    }
    return mapEntry(name, value);
  }

  private static Bound bound(String name, FieldPath field, String value) {
    try {
      return new Bound(field, ORIGIN, Wire.parse(field, value));
    } catch (IllegalArgumentException wrong) {
      throw Fault.invalid(name, String.valueOf(wrong.getMessage()));
    }
  }

  /// The longest beginning of the name that is a map; the rest is the key.
  private Bound mapEntry(String name, String value) {
    for (int end = name.length() - 1; end > 0; end--) {
      boolean bracket = name.charAt(end) == '[' && name.endsWith("]");
      if (bracket || name.charAt(end) == '.') {
        var map = FieldPath.resolve(type, name.substring(0, end));
        if (map.isPresent() && map.get().leaf().isMapField()) {
          var key = name.substring(end + 1, bracket ? name.length() - 1 : name.length());
          return entry(name, map.get(), key, value);
        }
      }
    }
    throw Fault.invalid(name, "is not a parameter of this request");
  }

  private static Bound entry(String name, FieldPath map, String key, String value) {
    var entry = map.leaf().getMessageType();
    var keyField = FieldPath.of(entry.findFieldByNumber(1));
    var valueField = FieldPath.of(entry.findFieldByNumber(2));
    if (Fields.isMessage(valueField.leaf())) {
      throw Fault.invalid(name, "is not a single value");
    }
    try {
      var wire = Wire.concat(List.of(Wire.parse(keyField, key), Wire.parse(valueField, value)));
      return new Bound(map, ORIGIN, Wire.encode(map, DynamicMessage.parseFrom(entry, wire)));
    } catch (IllegalArgumentException | IOException wrong) {
      throw Fault.invalid(name, String.valueOf(wrong.getMessage()));
    }
  }

  private static String decode(String name, String text) {
    if (BROKEN_ESCAPE.matcher(text).find()) {
      throw Fault.invalid(name, "has a % in the query that begins no escape");
    }
    try {
      return Unescape.ALL.decode(text.replace('+', ' '));
    } catch (CharacterCodingException broken) {
      throw Fault.invalid(name, "is not UTF-8");
    }
  }
}
