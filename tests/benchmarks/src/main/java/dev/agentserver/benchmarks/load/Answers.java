package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Many answers that are written at once, each over a stream of its own, fifty on a connection. A
/// request is a piece of text that is acknowledged, which is to say durable.
public final class Answers implements AutoCloseable {
  private static final int ON_A_CONNECTION = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<ManagedChannel> channels;
  private final List<Answer> answers;

  /// What was acknowledged of answers that are not written any more.
  private long given;

  /// Opens the streams, in as many conversations.
  public Answers(URI server, Account account, int count) {
    this.channels =
        Stream.generate(() -> Account.channel(server))
            .limit(1 + (count - 1) / ON_A_CONNECTION)
            .toList();
    var token = account.token();
    var door = new Door();
    this.answers = new ArrayList<>();
    for (var n = 1; n <= count; n++) {
      door.enter();
      var channel = channels.get(n % channels.size());
      var stub = Account.as(token, MessageStreamServiceGrpc.newStub(channel));
      answers.add(new Answer(stub, Ids.of(Ids.STREAMED, n), door));
    }
    door.awaitAll();
  }

  /// Writes with so many pieces of each answer on their way.
  public Driver ahead(int pieces) {
    return time -> run(time, pieces);
  }

  private Done run(Duration time, int pieces) {
    var watch = new Stopwatch();
    answers.forEach(answer -> answer.write(pieces, watch));
    LockSupport.parkNanos(time.toNanos());
    answers.forEach(Answer::pause);
    awaitQuiet();
    // One that hears nothing any more is a failure, once.
    var stuck = answers.stream().filter(answer -> !answer.quiet()).toList();
    stuck.forEach(_ -> watch.bad());
    answers.removeAll(stuck);
    given += stuck.stream().mapToLong(Answer::acknowledged).sum();
    return watch.done();
  }

  private void awaitQuiet() {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && !answers.stream().allMatch(Answer::quiet)) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /// How many characters were acknowledged, of all answers together.
  public long acknowledged() {
    return given + answers.stream().mapToLong(Answer::acknowledged).sum();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
