package dev.agentserver.json.print;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import dev.agentserver.json.plan.MessagePlan;
import java.io.IOException;

/// Puts a message in order: fields by their numbers, each in one place, parts of one message
/// merged. Protobuf's own messages do that, slowly; hardly any sender needs it.
final class Canonical {
  /// No deeper than [Printer] goes.
  private static final int DEEPEST = 200;

  private Canonical() {}

  static byte[] of(MessagePlan plan, byte[] wire, int from, int to, ExtensionRegistry extensions) {
    try {
      var input = CodedInputStream.newInstance(wire, from, to - from);
      input.setRecursionLimit(DEEPEST);
      return DynamicMessage.newBuilder(plan.type())
          .mergeFrom(input, extensions)
          .buildPartial()
          .toByteArray();
    } catch (IOException damaged) {
      throw new Unprintable("is damaged: " + damaged.getMessage());
    }
  }
}
