package dev.agentserver.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import dev.agentserver.json.conformance.Suite;
import dev.agentserver.json.test.Damage;
import dev.agentserver.json.test.Differential;
import dev.agentserver.json.test.OurTypes;
import dev.agentserver.json.test.RandomMessages;
import dev.agentserver.json.test.RandomTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Random messages of random types through the codec and through JsonFormat. The long form:
/// `mvn -pl json-codec -am test -Dtest=DifferentialFuzzTest -Dcodec.messages=10000000
/// -Dsurefire.failIfNoSpecifiedTests=false`; -Dcodec.seed repeats a run.
class DifferentialFuzzTest {
  private static final int MESSAGES = Integer.getInteger("codec.messages", 20_000);
  private static final long SEED = Long.getLong("codec.seed", 20_261_121L);
  private static final int PER_TYPES = 2_000;
  private static final int THREADS = 2;
  private static final int DAMAGES = 3;

  private final List<Descriptor> written = written();

  private static List<Descriptor> written() {
    var types = new ArrayList<>(Suite.TYPES);
    types.addAll(OurTypes.ALL);
    return types;
  }

  @Test
  void whatJsonFormatDoesTheCodecDoes() throws Exception {
    int rounds = Math.max(MESSAGES / PER_TYPES, 1);
    var open = new ArrayList<Callable<Long>>();
    for (int i = 0; i < rounds; i++) {
      long seed = SEED + i;
      open.add(() -> round(seed));
    }
    long survived = 0;
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (var round : threads.invokeAll(open)) {
        survived += round.get();
      }
    }
    assertThat(survived).as("damaged texts and wires that could be read").isPositive();
  }

  /// Some types of the suite and of our contracts, and some that nobody wrote.
  private long round(long seed) throws InvalidProtocolBufferException {
    var random = new Random(seed);
    var types = new ArrayList<>(new RandomTypes(random).next("random" + seed));
    for (int i = 0; i < 12; i++) {
      var type = written.get(random.nextInt(written.size()));
      if (types.stream().noneMatch(other -> other.getFullName().equals(type.getFullName()))) {
        types.add(type);
      }
    }
    var forAny = new ArrayList<>(types);
    forAny.addAll(OurTypes.WELL_KNOWN);
    var differential = new Differential(TypeRegistry.newBuilder().add(forAny).build());
    var messages = new RandomMessages(random, forAny);
    var damage = new Damage(random);
    long survived = 0;
    for (int i = 0; i < PER_TYPES; i++) {
      var type = types.get(random.nextInt(types.size()));
      var message = messages.next(type);
      var json = differential.check(message, i);
      var wire = message.toByteArray();
      survived += differential.checkWire(type, damage.shuffled(wire)) ? 1 : 0;
      if (i % DAMAGES == 0) {
        survived += differential.checkText(type, damage.text(json)) ? 1 : 0;
        survived += differential.checkWire(type, damage.wire(wire)) ? 1 : 0;
      }
    }
    return survived;
  }
}
