package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.NewMessage;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One writer's stream: its steps come in on one thread and are begun there, in order; what became
/// of them goes out on another, in the same order. So the writer need not wait for an answer before
/// it sends on, up to a bound.
final class Session {
  /// What a writer asks for.
  sealed interface Step {
    record Begin(
        Attempt<Opened> attempt, UUID conversationId, @Nullable UUID expectedLeaf, NewMessage draft)
        implements Step {}

    record Resume(UUID messageId, long epoch) implements Step {}

    record Add(List<Delta> deltas) implements Step {}

    record End(Ending ending) implements Step {}
  }

  /// What it is told.
  sealed interface News {
    record Began(Opened opened) implements News {}

    record Durable(Progress progress) implements News {}

    record Ended(Message message) implements News {}
  }

  /// What the sending side waits for.
  private sealed interface Due {
    /// @param room what the step takes of what may be in flight
    record Added(CompletableFuture<Progress> progress, int room) implements Due {}

    /// What was found out meanwhile, not in answer to a step.
    record Found(Progress progress) implements Due {}

    record ToEnd(Ending ending) implements Due {}

    record Finished() implements Due {}

    record Failed(RuntimeException failure) implements Due {}
  }

  /// The text that may be in flight; each step counts for a 64th at least. It is less than may wait
  /// to be written of one message, so a writer that sends fast waits and is not refused.
  private static final int ROOM = 256 * 1024;

  private static final int LEAST = ROOM / 64;

  private final MessageStreams streams;
  private final Caller caller;
  private final Supplier<Optional<Step>> steps;
  private final Consumer<News> news;
  private final BlockingQueue<Due> due = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ROOM);

  /// The newest event that the writer was told of.
  private long told;

  /// @param steps waits for the next one; empty when the writer has sent its last
  Session(
      MessageStreams streams, Caller caller, Supplier<Optional<Step>> steps, Consumer<News> news) {
    this.streams = streams;
    this.caller = caller;
    this.steps = steps;
    this.news = news;
  }

  /// The message that this writes: begun, or gone on with.
  Opened open() {
    var opened =
        switch (steps.get().orElseThrow(() -> Problem.invalid("step", "is required"))) {
          case Step.Begin begin ->
              streams.begin(
                  caller,
                  begin.attempt(),
                  begin.conversationId(),
                  begin.expectedLeaf(),
                  begin.draft());
          case Step.Resume(var messageId, var epoch) -> streams.resume(caller, messageId, epoch);
          case Step.Add _, Step.End _ ->
              throw Problem.invalid("step", "must be begin or resume: the stream has just begun");
        };
    news.accept(new News.Began(opened));
    return opened;
  }

  /// Runs until the message has ended, the writer has sent its last, or something fails.
  void run(Opened opened) {
    if (opened.progress().stopped()) {
      news.accept(new News.Durable(opened.progress()));
      return;
    }
    var reader =
        Thread.ofVirtual().name("steps of " + opened.message().id()).unstarted(() -> read(opened));
    reader.start();
    try {
      answer(opened);
    } finally {
      reader.interrupt();
    }
  }

  /// Has the writer told what was found out about its message.
  void found(Progress progress) {
    due.add(new Due.Found(progress));
  }

  /// Ends the stream: whoever looks after its message cannot any more.
  void fail(RuntimeException failure) {
    due.add(new Due.Failed(failure));
  }

  private void read(Opened opened) {
    try {
      while (true) {
        var step = steps.get();
        if (step.isEmpty()) {
          due.add(new Due.Finished());
          return;
        }
        due.add(begun(opened, step.get()));
      }
    } catch (InterruptedException | Cancelled stopped) {
      // The other side is done.
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      due.add(new Due.Failed(failure));
    } catch (Error error) {
      // Nobody reads on: the writer must not wait for an answer that does not come.
      due.add(new Due.Failed(new IllegalStateException("a step could not be read", error)));
    }
  }

  private Due begun(Opened opened, Step step) throws InterruptedException {
    return switch (step) {
      case Step.Add(var deltas) -> {
        var size = deltas.stream().mapToInt(delta -> delta.text().length()).sum();
        var needed = Math.clamp(size, LEAST, ROOM);
        room.acquire(needed);
        yield new Due.Added(
            streams.appendLater(caller, opened.message().id(), opened.epoch(), deltas), needed);
      }
      case Step.End(var ending) -> new Due.ToEnd(ending);
      case Step.Begin _, Step.Resume _ ->
          throw Problem.invalid("step", "must be append, complete or fail: the message is open");
    };
  }

  private void answer(Opened opened) {
    try {
      while (true) {
        switch (due.take()) {
          case Due.Found(var progress) -> {
            if (told(progress)) {
              return;
            }
          }
          case Due.Added added -> {
            if (told(newest(added))) {
              return;
            }
          }
          case Due.ToEnd(var ending) -> {
            var ended = streams.end(caller, opened.message().id(), opened.epoch(), ending);
            news.accept(new News.Ended(ended));
            return;
          }
          case Due.Finished() -> {
            return;
          }
          case Due.Failed(var failure) -> throw failure;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  /// Waits until an append is durable. Of several that are due only the last is told.
  private Progress newest(Due.Added added) throws InterruptedException {
    var progress = done(added);
    while (!progress.stopped()
        && due.peek() instanceof Due.Added next
        && next.progress().state() == Future.State.SUCCESS) {
      due.remove();
      progress = done(next);
    }
    return progress;
  }

  private Progress done(Due.Added added) throws InterruptedException {
    var progress = await(added.progress());
    room.release(added.room());
    return progress;
  }

  /// Tells the writer how far its message has come. It may have been told of more in between.
  ///
  /// @return whether nothing more is taken
  private boolean told(Progress progress) {
    if (progress.stopped() || progress.seq() >= told) {
      told = progress.seq();
      news.accept(new News.Durable(progress));
    }
    return progress.stopped();
  }

  private static Progress await(CompletableFuture<Progress> later) throws InterruptedException {
    try {
      return later.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }
}
