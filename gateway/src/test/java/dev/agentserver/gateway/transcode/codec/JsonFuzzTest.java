package dev.agentserver.gateway.transcode.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.test.RandomMessages;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.test.types.Everything;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random messages against JsonFormat, and random damage against everything.
class JsonFuzzTest {
  private static final Descriptor EVERYTHING = TestContracts.type("types.v1.Everything");
  private static final BodyCodec CODEC = new BodyCodec(TestContracts.load().types());
  private static final int MESSAGES = 300;
  private static final int MUTANTS = 20_000;

  private final Random random = new Random(20261121);
  private final RandomMessages messages = new RandomMessages(random);

  @Test
  void whatJsonFormatPrintsIsReadAsItWas() throws InvalidProtocolBufferException {
    for (int i = 0; i < MESSAGES; i++) {
      var message = Everything.parseFrom(messages.next(EVERYTHING).toByteArray());
      var json = JsonFormat.printer().print(message).getBytes(StandardCharsets.UTF_8);

      assertThat(Everything.parseFrom(CODEC.read(EVERYTHING, json).wire())).isEqualTo(message);
    }
  }

  @Test
  void whatIsPrintedIsReadAsItWas() throws InvalidProtocolBufferException {
    for (int i = 0; i < MESSAGES; i++) {
      var message = Everything.parseFrom(messages.next(EVERYTHING).toByteArray());

      var json = CODEC.print(EVERYTHING, message.toByteArray());

      assertThat(Everything.parseFrom(CODEC.read(EVERYTHING, json).wire())).isEqualTo(message);
    }
  }

  @Test
  void damageIsRefusedOrReadAndNothingElse() throws InvalidProtocolBufferException {
    var json = new byte[0];
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      if (i % 100 == 0) {
        json = CODEC.print(EVERYTHING, messages.next(EVERYTHING).toByteArray());
      }
      var wire = read(damaged(json));
      refused += wire.isEmpty() ? 1 : 0;
      if (wire.isPresent()) {
        Everything.parseFrom(wire.get());
      }
    }
    assertThat(refused).isBetween(MUTANTS / 10, MUTANTS);
  }

  private static Optional<byte[]> read(byte[] json) {
    try {
      return Optional.of(CODEC.read(EVERYTHING, json).wire());
    } catch (Fault fault) {
      assertThat(fault.http()).isEqualTo(400);
      return Optional.empty();
    }
  }

  /// Changes, removes or doubles a few bytes.
  private byte[] damaged(byte[] json) {
    var damaged = json.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(3)) {
        case 0 -> damaged[at] = (byte) random.nextInt(256);
        case 1 -> damaged[at] = (byte) "{}[],:\"0-ntf\\e. ".charAt(random.nextInt(16));
        default -> {
          int length = random.nextInt(damaged.length - at);
          System.arraycopy(damaged, at, damaged, random.nextInt(damaged.length - length), length);
        }
      }
    }
    return damaged;
  }
}
