package dev.agentserver.json;

/// How JSON is written and read, where there is a choice.
///
/// @param protoNames whether fields are printed with the names of the proto instead of their JSON
/// names; both are read
/// @param printDefaults whether fields without presence are printed also when they are unset
/// @param ignoreUnknown whether members that are no fields, and names that are no values of an
/// enum, are passed over instead of refused
/// @param anyMask whether field masks are read in both spellings, and printed also where camelCase
/// does not say the path exactly
public record JsonOptions(
    boolean protoNames, boolean printDefaults, boolean ignoreUnknown, boolean anyMask) {
  /// What the protobuf documentation says.
  public static final JsonOptions STANDARD = new JsonOptions(false, false, false, false);

  public JsonOptions ignoringUnknown() {
    return new JsonOptions(protoNames, printDefaults, true, anyMask);
  }
}
