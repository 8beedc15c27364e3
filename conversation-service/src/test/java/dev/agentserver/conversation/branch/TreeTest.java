package dev.agentserver.conversation.branch;

import dev.agentserver.conversation.ServiceTest;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random trees against a plain parent-pointer model: paths, siblings, forks, deletes, switches.
/// `-Dtree.trees=1000 -Dtree.steps=200` for longer; a seed that failed is repeated with
/// `-Dtree.seed=`.
class TreeTest extends ServiceTest {
  private static final int TREES = Integer.getInteger("tree.trees", 4);
  private static final int STEPS = Integer.getInteger("tree.steps", 20);

  static LongStream seeds() {
    var given = Long.getLong("tree.seed");
    return given == null ? new Random().longs(TREES) : LongStream.of(given);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aTreeIsWhatAModelOfItIs(long seed) {
    // With a token of its own: all of them together take longer than one is good for.
    var person = service.person(alice.caller());
    var tree = new RandomTree(person, conversation(person), new Random(seed));
    IntStream.range(0, STEPS).forEach(_ -> tree.step());
    tree.check();
  }
}
