package dev.agentserver.json.conformance;

import com.google.protobuf.conformance.Conformance.ConformanceRequest;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The program that the conformance runner talks to: requests come in, answers go out, each with
/// its length in front. With an argument it keeps what was said in that file, for
/// [ConformanceTest].
public final class Testee {
  private final DataInputStream in;
  private final OutputStream out;
  private final @Nullable OutputStream record;

  private Testee(DataInputStream in, OutputStream out, @Nullable OutputStream record) {
    this.in = in;
    this.out = out;
    this.record = record;
  }

  static void main(String[] arguments) throws IOException {
    var in = new DataInputStream(System.in);
    if (arguments.length == 0) {
      new Testee(in, System.out, null).run();
      return;
    }
    try (var record = new GZIPOutputStream(new FileOutputStream(arguments[0]))) {
      new Testee(in, System.out, record).run();
    }
  }

  private void run() throws IOException {
    var length = new byte[Integer.BYTES];
    while (true) {
      try {
        in.readFully(length);
      } catch (EOFException done) {
        return;
      }
      var request = new byte[order(length).getInt()];
      in.readFully(request);
      var parsed = ConformanceRequest.parseFrom(request);
      var answer = Suite.answer(parsed);
      if (record != null && !answer.hasSkipped()) {
        parsed.writeDelimitedTo(record);
        answer.writeDelimitedTo(record);
      }
      var bytes = answer.toByteArray();
      order(length).putInt(bytes.length);
      out.write(length);
      out.write(bytes);
      out.flush();
    }
  }

  private static ByteBuffer order(byte[] length) {
    return ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
