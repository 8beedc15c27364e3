package dev.agentserver.conversation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.watch.Follower;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import dev.agentserver.kit.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One conversation in which anything may happen, in an order that follows from a seed, beside a
/// model in which it happens too: what the service answers must be what the model does.
final class Interleaving {
  private static final int MOST_MESSAGES = 4;

  private final Harness service;
  private final Caller caller;
  private final Random random;
  private final Deltas deltas;
  private final Conversation conversation;
  private final List<ModelMessage> messages = new ArrayList<>();
  private final NaiveReader poller = new NaiveReader(0);
  private final NaiveReader watcher = new NaiveReader(0);
  private final Follower follower;
  private final List<String> steps = new ArrayList<>();
  private final NavigableMap<Integer, Consumer<ModelMessage>> choices = new TreeMap<>();

  /// The processes that are asked, each time another one.
  private List<Person> doors;

  Interleaving(Harness service, Caller caller, long seed) {
    this.service = service;
    this.caller = caller;
    this.random = new Random(seed);
    this.deltas = new Deltas(random);
    var person = service.person(caller);
    doors = List.of(person);
    conversation =
        person.conversations().createConversation(CreateConversationRequest.getDefaultInstance());
    follower = Follower.after(person, conversation.getId(), 0);
    prepare();
  }

  /// What was done, for whoever looks for the reason of a failure.
  List<String> steps() {
    return steps;
  }

  void through(Harness... processes) {
    doors = List.of(processes).stream().map(process -> process.person(caller)).toList();
  }

  private WriterCalls door() {
    return new WriterCalls(doors.get(random.nextInt(doors.size())));
  }

  void run(int count) {
    if (messages.isEmpty()) {
      begin();
    }
    for (var i = 0; i < count; i++) {
      step();
    }
  }

  private void step() {
    var message = messages.get(random.nextInt(messages.size()));
    choices.higherEntry(random.nextInt(choices.lastKey())).getValue().accept(message);
  }

  /// Of a hundred steps so many are of this kind.
  private void choose(int weight, Consumer<ModelMessage> step) {
    choices.put(weight + (choices.isEmpty() ? 0 : choices.lastKey()), step);
  }

  private void prepare() {
    choose(6, _ -> begin());
    choose(37, message -> append(message, message.writers().size() - 1));
    choose(6, message -> append(message, random.nextInt(message.writers().size())));
    choose(8, this::appendTogether);
    choose(6, this::stream);
    choose(4, this::abandon);
    choose(5, this::complete);
    choose(2, this::stop);
    choose(7, this::takeOver);
    choose(5, this::lose);
    choose(4, _ -> compact());
    choose(10, _ -> poll());
  }

  private void begin() {
    if (messages.size() < MOST_MESSAGES) {
      var requestId = conversation.getId() + "-" + messages.size();
      var begun = door().begin(conversation, requestId);
      if (random.nextBoolean()) {
        assertThat(door().begin(conversation, requestId)).isEqualTo(begun);
      }
      messages.add(new ModelMessage(begun));
      steps.add("begin " + begun.getMessage().getId());
    }
  }

  private void append(ModelMessage message, int writer) {
    var by = message.writers().get(writer);
    var some = deltas.some(message);
    expect("append " + some, message.append(by, some), door().append(by, some));
    if (random.nextInt(4) == 0) {
      // As somebody does who has not heard the answer.
      expect("append again", message.append(by, some), door().append(by, some));
    }
  }

  private void appendTogether(ModelMessage one) {
    var other = messages.get(random.nextInt(messages.size()));
    var first = deltas.some(one);
    var answer = Later.of(doorLater(one, first));
    if (other != one) {
      var second = deltas.some(other);
      var by = other.writer();
      expect("append beside " + second, other.append(by, second), door().append(by, second));
    }
    expect("append together " + first, one.append(one.writer(), first), Later.get(answer));
  }

  private Supplier<String> doorLater(ModelMessage message, List<Delta> some) {
    var door = door();
    var by = message.writer();
    return () -> door.append(by, some);
  }

  /// Sends without waiting, over one stream, and breaks it or completes the message.
  private void stream(ModelMessage message) {
    if (message.standing() != ModelMessage.Standing.STREAMING) {
      return;
    }
    var by = message.writer();
    try (var dialogue = Dialogue.resume(door().person(), by)) {
      for (var count = random.nextInt(6); count > 0; count--) {
        var next = deltas.next(message);
        message.append(by, next);
        dialogue.append(next);
      }
      if (random.nextInt(3) == 0) {
        dialogue.complete();
        expect(
            "stream to the end",
            message.complete(by),
            dialogue.rest().getLast().getEnded().getState().name());
      } else {
        dialogue.finish();
        dialogue.rest();
        expect("stream", message.lengths(), door().append(by, List.of()));
      }
    }
  }

  /// A client that goes away in the middle of a call, and goes on or is followed by another.
  private void abandon(ModelMessage message) {
    if (message.standing() != ModelMessage.Standing.STREAMING) {
      return;
    }
    var by = message.writer();
    var sent = deltas.next(message);
    door().abandon(by, sent);
    steps.add("abandon " + sent);
    if (random.nextBoolean()) {
      expect("append what was abandoned", message.append(by, sent), door().append(by, sent));
    } else {
      takeOverAfter(message, sent);
    }
  }

  /// Sends something to a process that is about to end, and waits for no answer.
  Runnable sendTo(Harness process) {
    var message = messages.get(random.nextInt(messages.size()));
    if (message.standing() != ModelMessage.Standing.STREAMING) {
      return () -> {};
    }
    var sent = deltas.next(message);
    new WriterCalls(process.person(caller)).forget(message.writer(), sent);
    steps.add("send and hear nothing " + sent);
    return () -> takeOverAfter(message, sent);
  }

  /// The writer after one that crashed is told whether the last of it has arrived: all or nothing.
  private void takeOverAfter(ModelMessage message, List<Delta> sent) {
    var with = message.lengthsWith(sent);
    var without = message.lengths();
    var taken = door().takeOver(message.id(), "").orElseThrow();
    var lengths = taken.getPartLengthsList().toString();
    steps.add("take over after a crash: " + lengths);
    assertThat(lengths).isIn(with, without);
    if (lengths.equals(with)) {
      message.append(message.writer(), sent);
    }
    message.takenOver(taken);
  }

  private void complete(ModelMessage message) {
    var by = message.writers().get(random.nextInt(message.writers().size()));
    expect("complete", message.complete(by), door().complete(by));
  }

  private void stop(ModelMessage message) {
    message.stopped();
    expect("stop", message.state().name(), door().stop(message.id()));
  }

  private void takeOver(ModelMessage message) {
    var requestId = message.id() + "-" + message.writers().size();
    var taken = door().takeOver(message.id(), requestId);
    steps.add("take over: " + taken.isPresent());
    assertThat(taken.isPresent()).isEqualTo(message.mayBeTakenOver());
    taken.ifPresent(
        by -> {
          assertThat(by.getPartLengthsList().toString()).isEqualTo(message.lengths());
          assertThat(by.getMessage().getContent()).isEqualTo(message.content());
          if (random.nextBoolean()) {
            assertThat(door().takeOver(message.id(), requestId)).contains(by);
          }
          message.takenOver(by);
        });
  }

  private void lose(ModelMessage message) {
    service.loseWriter(message.id());
    message.lost();
    steps.add("lose");
  }

  private void compact() {
    service.aMonthLater(conversation.getId());
    messages.forEach(ModelMessage::compacted);
    steps.add("a month later");
  }

  private void poll() {
    var size = 1 + random.nextInt(20);
    poller.apply(Polling.all(door().person(), conversation.getId(), poller.seq(), size));
    steps.add("poll to " + poller.seq());
  }

  private void expect(String step, String expected, String actual) {
    steps.add(step + ": " + actual);
    assertThat(actual).as(step).isEqualTo(expected);
  }

  /// Everything that was acknowledged is there, once, and whoever followed has it.
  void verify() {
    follower.tell(watcher, seq());
    follower.close();
    poll();
    var person = service.person(caller);
    var stored =
        messages.stream().map(message -> new WriterCalls(person).get(message.id())).toList();
    stored.forEach(message -> watcher.hasRead(message));
    stored.forEach(message -> poller.hasRead(message));
    Checker.check(messages, stored, Polling.all(person, conversation.getId(), 0, 7));
  }

  private long seq() {
    return Long.parseLong(
        service
            .column(
                "select last_event_seq from conversation where conversation_id = '%s'"
                    .formatted(conversation.getId()))
            .getFirst());
  }
}
