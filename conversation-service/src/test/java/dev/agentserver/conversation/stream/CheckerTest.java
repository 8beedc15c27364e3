package dev.agentserver.conversation.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A checker that finds nothing proves nothing: each way in which a service could be wrong is
// found.
class CheckerTest {
  private static final int SEEDS = 50;

  /// What went right: two messages, written in turns.
  private static final class History {
    private final List<ModelMessage> model = new ArrayList<>();
    private final List<ConversationEvent> events = new ArrayList<>();
    private List<Message> stored;

    private History(Random random) {
      for (var id : List.of("m1", "m2")) {
        var message = Message.newBuilder().setId(id).setState(Message.State.STATE_STREAMING);
        message.setSeq(events.size() + 1);
        model.add(new ModelMessage(MessageStream.newBuilder().setMessage(message).build()));
        add(event -> event.getMessageCreatedBuilder().setMessage(message));
      }
      for (var message : model) {
        write(message, 0, "begun ");
      }
      for (var i = 0; i < 10; i++) {
        write(model.get(random.nextInt(2)), 0, "piece " + i + " 😀 ");
      }
      for (var message : model) {
        message.complete(message.writer());
        add(event -> ended(event, message));
      }
      stored = model.stream().map(CheckerTest::stored).toList();
    }

    private void add(Consumer<ConversationEvent.Builder> what) {
      var event = ConversationEvent.newBuilder().setSeq(events.size() + 1);
      what.accept(event);
      events.add(event.build());
    }

    private void write(ModelMessage message, int part, String text) {
      if (message.parts().isEmpty()) {
        var start = Part.newBuilder().setText("");
        add(event -> event.getPartStartedBuilder().setMessageId(message.id()).setStart(start));
      }
      var offset = message.parts().isEmpty() ? 0 : message.parts().get(part).text().size();
      add(
          event ->
              event
                  .getPartDeltaBuilder()
                  .setMessageId(message.id())
                  .setPart(part)
                  .setOffset(offset)
                  .setText(text));
      var delta = Delta.newBuilder().setPart(part).setOffset(offset).setText(text);
      message.append(message.writer(), List.of(delta.build()));
    }

    private static void ended(ConversationEvent.Builder event, ModelMessage message) {
      event
          .getMessageCompletedBuilder()
          .setMessageId(message.id())
          .setState(message.state())
          .setContentSha256(Sha256.hex(message.content()))
          .addAllPartLengths(message.parts().stream().map(part -> part.text().size()).toList());
    }

    /// The place of an event with text.
    private int delta(Random random) {
      var places = Stream.iterate(0, i -> i + 1).limit(events.size());
      var deltas = places.filter(i -> events.get(i).hasPartDelta()).toList();
      return deltas.get(random.nextInt(deltas.size()));
    }

    private void renumber() {
      for (var i = 0; i < events.size(); i++) {
        events.set(i, events.get(i).toBuilder().setSeq(i + 1).build());
      }
    }

    private void store(Random random, UnaryOperator<String> wrong) {
      var place = random.nextInt(stored.size());
      var text = wrong.apply(stored.get(place).getContent());
      var message = stored.get(place).toBuilder().setContent(text);
      message.getPartsBuilder(0).setText(text);
      var all = new ArrayList<>(stored);
      all.set(place, message.build());
      stored = all;
    }

    private void change(int place, Consumer<ConversationEvent.Builder> how) {
      var event = events.get(place).toBuilder();
      how.accept(event);
      events.set(place, event.build());
    }
  }

  private static Message stored(ModelMessage message) {
    return Message.newBuilder()
        .setId(message.id())
        .setState(message.state())
        .setContent(message.content())
        .addParts(Part.newBuilder().setText(message.content()))
        .build();
  }

  /// What could go wrong.
  enum Mutant {
    AN_EVENT_IS_LOST(
        (history, random) -> history.events.remove(random.nextInt(history.events.size()))),
    AN_EVENT_IS_LOST_AND_NOBODY_COUNTS(
        (history, random) -> {
          history.events.remove(history.delta(random));
          history.renumber();
        }),
    AN_EVENT_COMES_TWICE(
        (history, random) -> {
          var place = random.nextInt(history.events.size());
          history.events.add(place, history.events.get(place));
        }),
    A_PIECE_IS_APPLIED_TWICE(
        (history, random) -> {
          var place = history.delta(random);
          history.events.add(place, history.events.get(place));
          history.renumber();
        }),
    EVENTS_CHANGE_PLACES(
        (history, random) -> {
          var place = random.nextInt(history.events.size() - 1);
          history.events.add(place, history.events.remove(place + 1));
        }),
    A_PIECE_HAS_ANOTHER_TEXT(
        (history, random) ->
            history.change(
                history.delta(random),
                event ->
                    event
                        .getPartDeltaBuilder()
                        .setText(event.getPartDelta().getText().replace(' ', '_')))),
    A_PIECE_IS_CUT(
        (history, random) ->
            history.change(
                history.delta(random),
                event ->
                    event
                        .getPartDeltaBuilder()
                        .setText(event.getPartDelta().getText().substring(1)))),
    A_PIECE_IS_OF_ANOTHER_MESSAGE(
        (history, random) ->
            history.change(
                history.delta(random),
                event ->
                    event
                        .getPartDeltaBuilder()
                        .setMessageId(
                            event.getPartDelta().getMessageId().equals("m1") ? "m2" : "m1"))),
    AN_OFFSET_COUNTS_UTF16(
        (history, random) ->
            history.change(
                history.events.size() - 3,
                event ->
                    event.getPartDeltaBuilder().setOffset(event.getPartDelta().getOffset() + 1))),
    A_HASH_IS_OF_ANOTHER_TEXT(
        (history, random) ->
            history.change(
                history.events.size() - 1 - random.nextInt(2),
                event -> event.getMessageCompletedBuilder().setContentSha256(Sha256.hex("x")))),
    AN_END_IS_MISSING((history, _) -> history.events.removeLast()),
    WHAT_WAS_ACKNOWLEDGED_IS_NOT_STORED(
        (history, random) -> history.store(random, text -> text.substring(0, text.length() - 1))),
    MORE_IS_STORED_THAN_WAS_SENT((history, random) -> history.store(random, text -> text + "x")),
    A_MESSAGE_IS_NOT_STORED((history, _) -> history.stored = history.stored.subList(0, 1));

    private final BiConsumer<History, Random> damage;

    Mutant(BiConsumer<History, Random> damage) {
      this.damage = damage;
    }
  }

  @Test
  void whatIsRightIsAccepted() {
    for (var seed = 0; seed < SEEDS; seed++) {
      var history = new History(new Random(seed));
      Checker.check(history.model, history.stored, history.events);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsFound(Mutant mutant) {
    for (var seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var history = new History(random);
      mutant.damage.accept(history, random);
      assertThat(catchThrowable(() -> Checker.check(history.model, history.stored, history.events)))
          .as("%s with seed %d", mutant, seed)
          .isInstanceOf(AssertionError.class);
    }
  }
}
