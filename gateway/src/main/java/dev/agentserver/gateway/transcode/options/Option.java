package dev.agentserver.gateway.transcode.options;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The options, by Envoy's names, and what each mode has where nothing is said. Those that would
/// break what mode safe promises cannot be changed there.
public enum Option {
  ADD_WHITESPACE("print_options.", Kind.FLAG, false, false),
  ALWAYS_PRINT_PRIMITIVE_FIELDS("print_options.", Kind.FLAG, false, true),
  ALWAYS_PRINT_ENUMS_AS_INTS("print_options.", Kind.FLAG, false, false),
  PRESERVE_PROTO_FIELD_NAMES("print_options.", Kind.FLAG, false, true),
  /// In mode safe a client chooses by its Accept header.
  STREAM_NEWLINE_DELIMITED("print_options.", Kind.FIXED_FLAG, false, false),
  STREAM_SSE_STYLE_DELIMITED("print_options.", Kind.FIXED_FLAG, false, false),
  AUTO_MAPPING("", Kind.FLAG, false, false),
  IGNORED_QUERY_PARAMETERS("", Kind.NAMES, List.of(), List.of()),
  IGNORE_UNKNOWN_QUERY_PARAMETERS("", Kind.FIXED_FLAG, false, false),
  CAPTURE_UNKNOWN_QUERY_PARAMETERS("", Kind.FIXED_FLAG, false, false),
  CONVERT_GRPC_STATUS("", Kind.FIXED_FLAG, false, true),
  URL_UNESCAPE_SPEC(
      "", Kind.UNESCAPE, "ALL_CHARACTERS_EXCEPT_RESERVED", "ALL_CHARACTERS_EXCEPT_RESERVED"),
  QUERY_PARAM_UNESCAPE_PLUS("", Kind.FIXED_FLAG, false, true),
  MATCH_UNREGISTERED_CUSTOM_VERB("", Kind.FLAG, false, false),
  CASE_INSENSITIVE_ENUM_PARSING("", Kind.FLAG, false, false),
  REJECT_UNKNOWN_METHOD("request_validation_options.", Kind.FIXED_FLAG, false, true),
  REJECT_UNKNOWN_QUERY_PARAMETERS("request_validation_options.", Kind.FIXED_FLAG, false, true),
  REJECT_BINDING_BODY_FIELD_COLLISIONS("request_validation_options.", Kind.FIXED_FLAG, false, true),
  MAX_REQUEST_BODY_SIZE("", Kind.BYTES, null, null),
  MAX_RESPONSE_BODY_SIZE("", Kind.BYTES, null, null),
  /// Unset: all that the gateway has an upstream for.
  SERVICES("", Kind.NAMES, null, null);

  /// What values an option takes.
  enum Kind {
    FLAG,
    /// A flag that mode safe has fixed.
    FIXED_FLAG,
    BYTES,
    NAMES,
    UNESCAPE
  }

  private final String group;
  final Kind kind;
  final @Nullable Object envoy;
  final @Nullable Object safe;

  Option(String group, Kind kind, @Nullable Object envoy, @Nullable Object safe) {
    this.group = group;
    this.kind = kind;
    this.envoy = envoy;
    this.safe = safe;
  }

  /// The name in Envoy's message, with that of the message it lies in.
  public String path() {
    return group + name().toLowerCase(Locale.ROOT);
  }

  @Nullable Object byDefault(Mode mode) {
    return switch (mode) {
      case SAFE -> safe;
      case ENVOY -> envoy;
    };
  }
}
