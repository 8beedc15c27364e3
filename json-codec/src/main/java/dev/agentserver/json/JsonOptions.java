package dev.agentserver.json;

/// How JSON is written and read, where there is a choice.
///
/// @param protoNames whether fields are printed with the names of the proto instead of their JSON
/// names; both are read
/// @param printDefaults whether fields without presence are printed also when they are unset
/// @param ignoreUnknown whether members that are no fields are passed over instead of refused
/// @param anyMask whether field masks are read in both spellings, and printed also where camelCase
/// does not say the path exactly
/// @param ignoreUnknownEnums whether names that are no values of an enum are passed over
/// @param anyCaseEnums whether names of enum values are read in any case, and with dashes
/// @param trailingCommas whether a comma may stand before the end of an object or array
/// @param enumNumbers whether enum values are printed as numbers
/// @param indented whether each member and element is printed on a line of its own
/// @param deepest how many messages inside each other are printed
public record JsonOptions(
    boolean protoNames,
    boolean printDefaults,
    boolean ignoreUnknown,
    boolean anyMask,
    boolean ignoreUnknownEnums,
    boolean anyCaseEnums,
    boolean trailingCommas,
    boolean enumNumbers,
    boolean indented,
    int deepest) {
  /// More messages inside each other than a service can send.
  public static final int DEEPEST = 200;

  /// What the protobuf documentation says.
  public static final JsonOptions STANDARD = new JsonOptions(false, false, false, false);

  /// What is unknown is passed over or refused, names of enum values included; the rest is as the
  /// protobuf documentation says.
  public JsonOptions(
      boolean protoNames, boolean printDefaults, boolean ignoreUnknown, boolean anyMask) {
    this(
        protoNames,
        printDefaults,
        ignoreUnknown,
        anyMask,
        ignoreUnknown,
        false,
        false,
        false,
        false,
        DEEPEST);
  }

  public JsonOptions ignoringUnknown() {
    return new JsonOptions(protoNames, printDefaults, true, anyMask);
  }
}
