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
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Many answers that are written at once, each over a stream of its own, fifty on a connection. A
/// request is a piece of text that is acknowledged, which is to say durable.
public final class Answers implements AutoCloseable {
  private static final int ON_A_CONNECTION = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<ManagedChannel> channels;
  private final List<Answer> answers;

  /// Opens the streams, in as many conversations.
  public Answers(URI server, Account account, int count) {
    this.channels =
        Stream.generate(() -> Account.channel(server))
            .limit(1 + (count - 1) / ON_A_CONNECTION)
            .toList();
    var token = account.token();
    this.answers =
        IntStream.rangeClosed(1, count)
            .mapToObj(
                n -> {
                  var channel = channels.get(n % channels.size());
                  var stub = Account.as(token, MessageStreamServiceGrpc.newStub(channel));
                  return new Answer(stub, Ids.of(Ids.STREAMED, n));
                })
            .toList();
    await(Answer::opened);
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
    await(Answer::quiet);
    return watch.done();
  }

  private void await(java.util.function.Predicate<Answer> state) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers.stream().allMatch(state)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("an answer is stuck: " + answers.getFirst());
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /// How many characters were acknowledged, of all answers together.
  public long acknowledged() {
    return answers.stream().mapToLong(Answer::acknowledged).sum();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
