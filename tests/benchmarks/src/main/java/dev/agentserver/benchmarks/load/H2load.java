package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.system.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// h2load, which costs so little that the servers have the machine to themselves. It sends one
/// request again and again; so that appends do not all queue for one conversation, sixteen run at
/// once, each with a request of its own and one of it in flight.
///
/// It does not look at grpc-status: whoever makes the calls tries one first.
public final class H2load implements Driver {
  private static final String PROGRAM = "h2load";
  private static final int PROCESSES = 16;
  private static final Pattern REQUESTS =
      Pattern.compile("requests: .*? (\\d+) succeeded, (\\d+) failed");
  private static final Pattern FINISHED = Pattern.compile("finished in ([\\d.]+)(us|ms|s|m),");
  private static final Pattern GOOD = Pattern.compile("status codes: (\\d+) 2xx");

  private final Calls calls;

  public H2load(Calls calls) {
    this.calls = calls;
  }

  public static boolean available() {
    return Commands.exists(PROGRAM);
  }

  @Override
  public Done run(Duration time) {
    var all = calls.get();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Done>>();
      for (var call : all.subList(0, Math.min(PROCESSES, all.size()))) {
        running.add(threads.submit(() -> run(call, time)));
      }
      var sum = new Done(0, 0, Duration.ZERO);
      for (var each : running) {
        sum = sum.plus(each.get());
      }
      return sum;
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  private static Done run(Call call, Duration time) {
    var body = write(call.body());
    try {
      return read(Commands.run(Path.of("."), Map.of(), command(call, body, time)));
    } finally {
      body.toFile().delete();
    }
  }

  private static List<String> command(Call call, Path body, Duration time) {
    var command = new ArrayList<>(List.of(PROGRAM, "-D", time.toMillis() + "ms", "-c", "1"));
    command.addAll(
        call.protocol().http2() ? List.of("-m", "1", "-H", "te: trailers") : List.of("--h1"));
    if (call.body().length > 0) {
      command.addAll(List.of("-d", body.toString()));
      command.addAll(List.of("-H", "content-type: " + call.protocol().contentType()));
    }
    command.addAll(List.of("-H", "authorization: Bearer " + call.token(), call.uri().toString()));
    return command;
  }

  private static Done read(String output) {
    var requests = REQUESTS.matcher(output);
    var finished = FINISHED.matcher(output);
    var good = GOOD.matcher(output);
    if (!requests.find() || !finished.find() || !good.find()) {
      throw new IllegalStateException(output);
    }
    var succeeded = Long.parseLong(requests.group(1));
    var refused = Math.max(0, succeeded - Long.parseLong(good.group(1)));
    var failed = refused + Long.parseLong(requests.group(2));
    return new Done(succeeded - refused, failed, duration(finished.group(1), finished.group(2)));
  }

  private static Duration duration(String number, String unit) {
    var nanos =
        switch (unit) {
          case "us" -> 1e3;
          case "ms" -> 1e6;
          case "s" -> 1e9;
          case "m" -> 60e9;
          default -> throw new IllegalStateException(unit);
        };
    return Duration.ofNanos((long) (Double.parseDouble(number) * nanos));
  }

  private static Path write(byte[] body) {
    try {
      return Files.write(Files.createTempFile("call", ""), body);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
