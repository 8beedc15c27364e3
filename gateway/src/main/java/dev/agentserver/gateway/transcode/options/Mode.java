package dev.agentserver.gateway.transcode.options;

/// What the gateway does where google.api.http leaves a choice. A mode is a set of defaults for the
/// options, and the doors that `Wiring` opens for it.
public enum Mode {
  /// Nothing is passed over, and nothing is told by halves.
  SAFE,
  /// As Envoy's transcoder does it.
  ENVOY
}
