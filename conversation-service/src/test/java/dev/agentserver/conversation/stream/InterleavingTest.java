package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several writers, retries, gaps, crashes, ends and compactions in any order: the text is that of
/// a sequential model, and so is what every reader reads.
///
/// Run more with `-Dinterleavings=10000`, other ones with `-Dseed=...`.
class InterleavingTest extends ServiceTest {
  private static final int COUNT = Integer.getInteger("interleavings", 240);
  private static final long SEED = Long.getLong("seed", 1);
  private static final int AT_ONCE = 40;
  private static final int STEPS = 12;

  /// One of them, and what its writers did last before a process ended.
  private static final class Course {
    private final long seed;
    private final Interleaving interleaving;
    private Runnable afterCrash = () -> {};

    private Course(Harness service, Person alice, long seed) {
      this.seed = seed;
      this.interleaving = new Interleaving(service, alice.caller(), seed);
    }

    private AssertionError failed(Throwable failure) {
      return new AssertionError(
          "-Dseed=%d -Dinterleavings=1%n%s"
              .formatted(seed, String.join("\n", interleaving.steps())),
          failure);
    }
  }

  @Test
  @Timeout(3_600)
  void anyInterleavingGivesTheTextOfTheModel() {
    for (var seed = SEED; seed < SEED + COUNT; seed += AT_ONCE) {
      round(seed);
    }
  }

  private void round(long firstSeed) {
    var courses = new ArrayList<Course>();
    for (var i = 0; i < Math.min(AT_ONCE, COUNT); i++) {
      courses.add(new Course(service, alice, firstSeed + i));
    }
    try (var other = service.beside()) {
      together(
          courses,
          course -> {
            course.interleaving.through(service, other);
            course.interleaving.run(STEPS);
            course.afterCrash = course.interleaving.sendTo(other);
          });
    }
    try (var other = service.beside()) {
      together(
          courses,
          course -> {
            course.interleaving.through(service, other);
            course.afterCrash.run();
            course.interleaving.run(STEPS);
            course.interleaving.verify();
          });
    }
  }

  private static void together(List<Course> courses, Consumer<Course> work) {
    var running = new ArrayList<CompletableFuture<Boolean>>();
    for (var course : courses) {
      running.add(
          Later.of(
              () -> {
                work.accept(course);
                return true;
              }));
    }
    // All of them end before one fails: what they share is closed then.
    running.forEach(one -> one.exceptionally(_ -> false).join());
    for (var i = 0; i < running.size(); i++) {
      try {
        Later.get(running.get(i));
      } catch (RuntimeException | AssertionError failure) {
        throw courses.get(i).failed(failure);
      }
    }
  }
}
