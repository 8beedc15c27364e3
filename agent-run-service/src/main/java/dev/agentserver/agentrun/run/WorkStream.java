package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.LeaseStore.Name;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// One worker's stream. What it sends is read on one thread, a few steps ahead; everything else is
/// done on another, which waits without a connection to the database while there is nothing to do.
///
/// Nothing here holds a lease: it lasts as long as the heartbeats say.
final class WorkStream {
  /// How many runs may be asked for, and how many leases are followed.
  private static final int MOST = 256;

  private static final int AHEAD = 16;

  /// What came in.
  private sealed interface Arrival {
    record Arrived(WorkStep step) implements Arrival {}

    record Last() implements Arrival {}

    record Failed(RuntimeException failure) implements Arrival {}
  }

  /// What the worker was told of a lease.
  private record Wanted(boolean cancel, boolean pause, boolean input) {
    static final Wanted NOTHING = new Wanted(false, false, false);

    static Wanted of(Run run, long inputSeq) {
      return new Wanted(
          run.state() == RunState.CANCELLING,
          run.progress().pauseRequested(),
          run.progress().inputSeq() > inputSeq);
    }
  }

  /// @param inputSeq the last input that the worker has
  private record Followed(long inputSeq, Wanted told) {}

  private final Leases leases;
  private final RunBells bells;
  private final Duration look;
  private final Standing standing;
  private final Caller caller;
  private final Supplier<Optional<WorkStep>> steps;
  private final Consumer<WorkNews> news;
  private final BlockingQueue<Arrival> inbox = new ArrayBlockingQueue<>(AHEAD);
  private final Deque<String> asked = new ArrayDeque<>();
  private final Map<Name, Followed> followed = new LinkedHashMap<>();

  /// @param look how often it is looked for what other processes have done
  WorkStream(
      Leases leases,
      RunBells bells,
      Duration look,
      Standing standing,
      Caller caller,
      Supplier<Optional<WorkStep>> steps,
      Consumer<WorkNews> news) {
    this.leases = leases;
    this.bells = bells;
    this.look = look;
    this.standing = standing;
    this.caller = caller;
    this.steps = steps;
    this.news = news;
  }

  void run(WorkStep.Open open) {
    var queues = open.queues().stream().map(name -> new Lifecycle.Queue(caller.tenantId(), name));
    try (var ear = bells.listen(queues.toList())) {
      var reader = Thread.ofVirtual().name("steps of a worker").start(() -> read(ear));
      try {
        serve(open, ear);
      } finally {
        reader.interrupt();
      }
    }
  }

  private void read(RunBells.Ear ear) {
    try {
      for (var step = next(); ; step = next()) {
        inbox.put(step);
        ear.wake();
        if (!(step instanceof Arrival.Arrived)) {
          return;
        }
      }
    } catch (InterruptedException | Cancelled stopped) {
      // The other side is done.
      Thread.currentThread().interrupt();
    }
  }

  private Arrival next() {
    try {
      return steps.get().<Arrival>map(Arrival.Arrived::new).orElseGet(Arrival.Last::new);
    } catch (Cancelled stopped) {
      throw stopped;
    } catch (RuntimeException failure) {
      return new Arrival.Failed(failure);
    } catch (Error error) {
      // Nobody reads on: the worker must not be served for what it does not hear of.
      return new Arrival.Failed(new IllegalStateException("a step could not be read", error));
    }
  }

  private void serve(WorkStep.Open open, RunBells.Ear ear) {
    news.accept(new WorkNews.Alive());
    var looked = System.nanoTime();
    var beaten = looked;
    var rang = false;
    while (take(ear)) {
      if (rang || System.nanoTime() - looked >= look.toNanos()) {
        look(ear);
        looked = System.nanoTime();
      }
      var leased = acquire(open, ear);
      if (System.nanoTime() - beaten >= standing.heartbeat().toNanos()) {
        standing.require(caller);
        news.accept(new WorkNews.Alive());
        beaten = System.nanoTime();
      }
      rang = !leased && ear.await(look);
    }
  }

  /// Takes what has come in.
  ///
  /// @return false: the worker has sent its last
  private boolean take(RunBells.Ear ear) {
    for (var next = inbox.poll(); next != null; next = inbox.poll()) {
      switch (next) {
        case Arrival.Arrived(WorkStep.Open _) ->
            throw Problem.invalid("step", "must be acquire or heartbeat: the stream is open");
        case Arrival.Arrived(WorkStep.Acquire(var requestIds)) -> {
          asked.addAll(requestIds);
          require(asked.size(), "acquire");
        }
        case Arrival.Arrived(WorkStep.Heartbeat(var beats)) -> keepUp(beats, ear);
        case Arrival.Last() -> {
          return false;
        }
        case Arrival.Failed(var failure) -> throw failure;
      }
    }
    return true;
  }

  private static void require(int count, String what) {
    if (count > MOST) {
      throw new Problem.Refused(
              "TOO_MANY",
              "a stream has at most " + MOST,
              Map.of("resource", what, "limit", Integer.toString(MOST)))
          .raise();
    }
  }

  private void keepUp(List<WorkStep.Beat> beats, RunBells.Ear ear) {
    if (beats.isEmpty()) {
      return;
    }
    var named = beats.stream().map(beat -> new Name(beat.runId(), beat.epoch())).distinct();
    var held = byName(leases.heartbeat(caller, named.toList()));
    for (var beat : beats) {
      var name = new Name(beat.runId(), beat.epoch());
      var run = held.get(name);
      if (run == null) {
        ended(name, ear);
      } else {
        follow(name, new Followed(beat.inputSeq(), Wanted.of(run, beat.inputSeq())), ear);
        tell(run, beat.inputSeq());
      }
    }
    require(followed.size(), "lease");
  }

  private void look(RunBells.Ear ear) {
    if (followed.isEmpty()) {
      return;
    }
    var held = byName(leases.look(caller, List.copyOf(followed.keySet())));
    for (var name : List.copyOf(followed.keySet())) {
      var run = held.get(name);
      if (run == null) {
        ended(name, ear);
      } else {
        changed(name, run);
      }
    }
  }

  private void changed(Name name, Run run) {
    var before = followed.get(name);
    var wanted = Wanted.of(run, before.inputSeq());
    if (!wanted.equals(before.told())) {
      followed.put(name, new Followed(before.inputSeq(), wanted));
      tell(run, before.inputSeq());
    }
  }

  /// @return whether there was a run; there may be more
  private boolean acquire(WorkStep.Open open, RunBells.Ear ear) {
    if (asked.isEmpty() || followed.size() >= MOST) {
      return false;
    }
    var requestId = asked.getFirst();
    try {
      var lease = leases.acquire(caller, open.queues(), open.labels(), requestId, Duration.ZERO);
      if (lease.isEmpty()) {
        return false;
      }
      var run = lease.get().run();
      follow(new Name(run.id(), run.progress().leaseEpoch()), new Followed(0, Wanted.NOTHING), ear);
      asked.removeFirst();
      news.accept(new WorkNews.Leased(requestId, lease.get()));
    } catch (ProblemException refused) {
      if (!(refused.problem() instanceof Problem.Refused)) {
        throw refused;
      }
      asked.removeFirst();
      news.accept(new WorkNews.Lost(requestId));
    }
    return true;
  }

  private void follow(Name name, Followed state, RunBells.Ear ear) {
    followed.put(name, state);
    ear.hear(name.runId());
  }

  private void ended(Name name, RunBells.Ear ear) {
    followed.remove(name);
    if (followed.keySet().stream().noneMatch(other -> other.runId().equals(name.runId()))) {
      ear.ignore(name.runId());
    }
    news.accept(new WorkNews.Ended(name));
  }

  private void tell(Run run, long inputSeq) {
    news.accept(new WorkNews.Command(run, run.progress().inputSeq() > inputSeq));
  }

  private static Map<Name, Run> byName(List<Run> runs) {
    return runs.stream()
        .collect(
            Collectors.toMap(
                run -> new Name(run.id(), run.progress().leaseEpoch()), Function.identity()));
  }
}
