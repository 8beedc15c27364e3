package dev.agentserver.conversation.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Message.Place;
import dev.agentserver.conversation.message.Origin;
import dev.agentserver.conversation.message.Part;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random paths and budgets against a look at every end of the path.
/// `-Dcontext.paths=1000000` for longer, `-Dcontext.seed=` for a seed that failed.
class WindowTest {
  private static final int PATHS = Integer.getInteger("context.paths", 20_000);
  private static final Role[] ROLES = Role.values();

  private static Message message(int depth, Role role, @Nullable Integer tokens, Part... parts) {
    return new Message(
        UUID.randomUUID(),
        UUID.randomUUID(),
        new Place(0, depth, depth + 1),
        role,
        State.COMPLETE,
        "",
        List.of(parts),
        1,
        List.of(),
        UUID.randomUUID(),
        new Origin(null, null, "", "", null, tokens, null),
        null,
        null,
        Map.of(),
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static Part part(Random random) {
    var id = "c" + random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> new Part.ToolCall(id, "look", "", "");
      case 1 -> new Part.ToolResult(id, "1", false);
      default -> new Part.Text("é".repeat(random.nextInt(40)));
    };
  }

  private static List<Message> path(Random random) {
    var path = new ArrayList<Message>();
    for (var depth = random.nextInt(12); depth > 0; depth--) {
      var parts = new Part[random.nextInt(3)];
      for (var i = 0; i < parts.length; i++) {
        parts[i] = part(random);
      }
      var tokens = random.nextBoolean() ? random.nextInt(30) : null;
      path.add(message(path.size(), ROLES[random.nextInt(ROLES.length)], tokens, parts));
    }
    return path;
  }

  private static long tokens(List<Message> messages) {
    return messages.stream().mapToLong(message -> Tokens.of(message).count()).sum();
  }

  /// Read forwards, as a provider does that refuses a result without a call.
  private static boolean isTorn(List<Message> messages) {
    var calls = new HashSet<String>();
    for (var message : messages) {
      for (var part : message.parts()) {
        if (part instanceof Part.ToolCall call) {
          calls.add(call.id());
        } else if (part instanceof Part.ToolResult result && !calls.contains(result.toolCallId())) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Message> longest(List<Message> path, Budget budget) {
    for (var from = 0; from <= path.size(); from++) {
      var end = path.subList(from, path.size());
      if (end.size() <= budget.messages()
          && tokens(end) <= budget.tokens()
          && (from == 0 || !isTorn(end))) {
        return end;
      }
    }
    return List.of();
  }

  @Test
  void whateverThePathTheWindowIsItsLongestEndThatFitsAndTearsNoPair() {
    var seed = Long.getLong("context.seed", new Random().nextLong());
    var random = new Random(seed);
    for (var i = 0; i < PATHS; i++) {
      var path = path(random);
      var budget = new Budget(1 + random.nextInt(12), random.nextInt(200) - 5);
      var window = new Window();
      for (var message : path.reversed()) {
        if (window.exceeds(budget)) {
          break;
        }
        window.add(message);
      }
      if (window.size() == path.size()) {
        window.complete();
      }
      var fitting = window.fitting(budget);
      assertThat(fitting.messages())
          .as("seed " + seed + ", path " + i)
          .isEqualTo(longest(path, budget));
      assertThat(fitting.tokens().count()).isEqualTo(tokens(fitting.messages()));
      assertThat(fitting.all()).isEqualTo(fitting.messages().size() == path.size());
    }
  }

  @Test
  void tokensAreThoseOfTheRowElseAFourthOfTheBytesRoundedUp() {
    assertThat(Tokens.of(message(0, Role.USER, 7, new Part.Text("any"))))
        .isEqualTo(new Tokens(7, 0));
    assertThat(Tokens.of(message(0, Role.USER, null, new Part.Text("é".repeat(3)))))
        .isEqualTo(new Tokens(2, 2));
    assertThat(Tokens.of(message(0, Role.USER, null))).isEqualTo(Tokens.NONE);
  }
}
