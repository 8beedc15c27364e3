package dev.agentserver.gateway.guard;

import io.netty.buffer.ByteBuf;

/// Follows where requests begin and end in the bytes of a connection, however they are cut.
interface Framing {
  /// Looks at what is readable, and reads it: all of it, or up to the first byte that must not be
  /// passed on, or up to where another framing begins.
  Verdict read(ByteBuf bytes);

  /// Whether a header has begun and is not complete.
  boolean isInHeader();

  /// What to pass on in place of what must not be, so that the server refuses the request in its
  /// own words and in its turn; empty: the connection is to be closed.
  byte[] refusal();

  /// What is to be done with the bytes.
  enum Verdict {
    GOOD,
    BAD,
    HTTP2
  }
}
