package dev.agentserver.gateway.call;

/// One frame: a flag, four bytes of length, the content.
final class Frames {
  private static final int PREFIX = 5;

  private Frames() {}

  static byte[] frame(int flag, byte[] content) {
    var frame = new byte[PREFIX + content.length];
    frame[0] = (byte) flag;
    frame[1] = (byte) (content.length >>> 24);
    frame[2] = (byte) (content.length >>> 16);
    frame[3] = (byte) (content.length >>> 8);
    frame[4] = (byte) content.length;
    System.arraycopy(content, 0, frame, PREFIX, content.length);
    return frame;
  }
}
