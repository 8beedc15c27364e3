package dev.agentserver.gateway.call;

/// What a call takes to the service.
public sealed interface Sending permits OneMessage, Upload {
  /// Sends all of it and says that it was all. It may wait, and what it finds wrong is a Fault;
  /// when the call is over, it returns.
  void send(MessageSink sink);

  /// The service takes more.
  void ready();

  /// The call has ended, nothing is to be sent any more.
  void over();
}
