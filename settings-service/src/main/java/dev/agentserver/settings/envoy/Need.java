package dev.agentserver.settings.envoy;

/// What a request must bring along, by its route.
enum Need {
  /// Nothing.
  NOTHING,

  /// A credential in a header.
  CREDENTIAL,

  /// The same; or a ticket in the URL, because browsers open such streams without headers.
  CREDENTIAL_OR_TICKET,

  /// It may not come from outside at all.
  CLOSED
}
