package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What a writer may send: what follows, what it has sent before, both, and what leaves a gap.
final class Deltas {
  private static final int MOST_PARTS = 6;
  private static final String[] ALPHABET = {
    "a", "b ", "é", "e\u0301", "世", "😀", "👩‍👧", "\n", "\0", "\"", "{", "}", "\\"
  };

  private final Random random;

  Deltas(Random random) {
    this.random = random;
  }

  /// A request's worth of them.
  List<Delta> some(ModelMessage message) {
    var deltas = new ArrayList<Delta>();
    for (var count = 1 + random.nextInt(3); count > 0; count--) {
      deltas.add(one(message));
    }
    return deltas;
  }

  private Delta one(ModelMessage message) {
    var parts = message.parts();
    if (parts.isEmpty() || (parts.size() < MOST_PARTS && random.nextInt(6) == 0)) {
      return begin(parts.size());
    }
    var part = random.nextInt(3) == 0 ? random.nextInt(parts.size()) : parts.size() - 1;
    var known = parts.get(part).text();
    var delta = Delta.newBuilder().setPart(part).setDone(random.nextInt(12) == 0);
    return switch (random.nextInt(10)) {
      case 0 -> delta.setOffset(known.size() + 1 + random.nextInt(3)).setText(fresh()).build();
      case 1, 2 -> {
        var from = random.nextInt(known.size() + 1);
        yield delta.setOffset(from).setText(words(known, from, known.size()) + fresh()).build();
      }
      case 3 -> {
        var from = random.nextInt(known.size() + 1);
        var to = from + random.nextInt(known.size() - from + 1);
        yield delta.setOffset(from).setText(words(known, from, to)).build();
      }
      default -> delta.setOffset(known.size()).setText(fresh()).build();
    };
  }

  private Delta begin(int part) {
    var delta = Delta.newBuilder().setPart(part);
    return switch (random.nextInt(6)) {
      case 0 ->
          delta
              .setStart(Part.newBuilder().setReasoning(ReasoningPart.getDefaultInstance()))
              .setText(fresh())
              .build();
      case 1 ->
          delta
              .setStart(
                  Part.newBuilder()
                      .setToolCall(ToolCallPart.newBuilder().setId("c" + part).setName("t")))
              .setText(fresh())
              .build();
      case 2 ->
          delta
              .setStart(
                  Part.newBuilder().setToolResult(ToolResultPart.newBuilder().setToolCallId("c")))
              .build();
      default -> delta.setText(fresh()).build();
    };
  }

  /// What follows on a part that still grows, or a new part.
  List<Delta> next(ModelMessage message) {
    var parts = message.parts();
    if (parts.isEmpty() || !parts.getLast().open()) {
      return List.of(begin(parts.size()));
    }
    return List.of(
        Delta.newBuilder()
            .setPart(parts.size() - 1)
            .setOffset(parts.getLast().text().size())
            .setText(fresh())
            .build());
  }

  private String fresh() {
    var text = new StringBuilder();
    for (var count = 1 + random.nextInt(8); count > 0; count--) {
      text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return text.toString();
  }

  private static String words(List<Integer> text, int from, int to) {
    var words = new StringBuilder();
    text.subList(from, to).forEach(words::appendCodePoint);
    return words.toString();
  }
}
