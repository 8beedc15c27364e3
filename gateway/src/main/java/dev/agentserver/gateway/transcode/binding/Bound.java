package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.contract.FieldPath;

/// A value that the request gives a field outside its body.
///
/// @param origin where it stands, in words: "the path"
/// @param wire the request message with nothing but this value in it
record Bound(FieldPath field, String origin, byte[] wire) {
  String name() {
    return field.name();
  }

  /// Whether the field takes one value only.
  boolean isSingle() {
    return !field.leaf().isRepeated();
  }
}
