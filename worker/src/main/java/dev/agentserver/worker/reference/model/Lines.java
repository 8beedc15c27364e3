package dev.agentserver.worker.reference.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The lines of an answer as they come, none longer than a bound. A reader that waits is broken off
/// when nothing has come for too long, when the whole takes too long, or when nobody wants it any
/// more.
final class Lines implements AutoCloseable {
  private static final int LONGEST = 1 << 20;
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final Duration WHOLE = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final InputStream body;
  private final InputStream bytes;
  private final Thread guard;
  private volatile long heardAt = System.nanoTime();

  Lines(InputStream body, BooleanSupplier unwanted) {
    this.body = body;
    this.bytes = new BufferedInputStream(body);
    this.guard = Thread.ofVirtual().name("model-guard").start(() -> guard(unwanted));
  }

  private void guard(BooleanSupplier unwanted) {
    var begun = System.nanoTime();
    try {
      while (!unwanted.getAsBoolean()
          && System.nanoTime() - heardAt < SILENCE.toNanos()
          && System.nanoTime() - begun < WHOLE.toNanos()) {
        Thread.sleep(LOOK);
      }
      body.close();
    } catch (InterruptedException | IOException _) {
      // It was read to its end, or is broken anyway.
    }
  }

  /// Null at the end.
  @Nullable String next() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var read = bytes.read(); read != '\n'; read = bytes.read()) {
      if (read < 0) {
        return line.size() == 0 ? null : line.toString(UTF_8);
      }
      if (line.size() == LONGEST) {
        throw new IOException("a line is longer than " + LONGEST + " bytes");
      }
      line.write(read);
    }
    heardAt = System.nanoTime();
    return line.toString(UTF_8).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    guard.interrupt();
    body.close();
  }
}
