package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// An open watch of a conversation, as a client holds it.
public final class Follower implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /// The stream has ended in order.
  public static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final BlockingQueue<Supplier<ConversationEvent>> arrivals = new LinkedBlockingQueue<>();
  private final Watching watching = new Watching();
  private final boolean slow;

  /// What the call tells.
  private final class Watching
      implements ClientResponseObserver<WatchConversationRequest, ConversationEvent> {
    private ClientCallStreamObserver<WatchConversationRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchConversationRequest> stream) {
      call = stream;
      if (slow) {
        call.disableAutoRequestWithInitial(1);
      }
    }

    @Override
    public void onNext(ConversationEvent event) {
      arrivals.add(() -> event);
    }

    @Override
    public void onError(Throwable failure) {
      arrivals.add(
          () -> {
            throw (RuntimeException) failure;
          });
    }

    @Override
    public void onCompleted() {
      arrivals.add(
          () -> {
            throw new Ended();
          });
    }
  }

  private Follower(Person person, WatchConversationRequest request, boolean slow) {
    this.slow = slow;
    ConversationEventServiceGrpc.newStub(person.channel()).watchConversation(request, watching);
  }

  public static Follower of(Person person, WatchConversationRequest.Builder request) {
    return new Follower(person, request.build(), false);
  }

  /// One that takes nothing after the first frame until it is told to.
  public static Follower slow(Person person, WatchConversationRequest.Builder request) {
    return new Follower(person, request.build(), true);
  }

  /// Takes everything from now on.
  public void hurry() {
    watching.call.request(Integer.MAX_VALUE);
  }

  public static Follower after(Person person, String conversationId, long seq) {
    return of(
        person,
        WatchConversationRequest.newBuilder().setConversationId(conversationId).setAfterSeq(seq));
  }

  /// Waits for what is next, heartbeats included.
  public ConversationEvent next() {
    try {
      var arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (arrival == null) {
        throw new AssertionError("nothing came, not even a heartbeat");
      }
      return arrival.get();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// Waits for the next that is more than a sign of life.
  public ConversationEvent nextEvent() {
    var event = next();
    while (event.hasHeartbeat()) {
      event = next();
    }
    return event;
  }

  public List<ConversationEvent> nextEvents(int count) {
    var events = new ArrayList<ConversationEvent>();
    while (events.size() < count) {
      events.add(nextEvent());
    }
    return events;
  }

  /// Waits for an event of a kind and passes over those before.
  public ConversationEvent next(EventCase kind) {
    return next(event -> event.getEventCase() == kind);
  }

  public ConversationEvent next(Predicate<ConversationEvent> wanted) {
    var event = next();
    while (!wanted.test(event)) {
      event = next();
    }
    return event;
  }

  /// Lets a reader have what comes until it has read this far.
  public void tell(NaiveReader reader, long upTo) {
    while (reader.seq() < upTo) {
      reader.apply(next());
    }
  }

  @Override
  public void close() {
    watching.call.cancel("the test has seen enough", null);
  }
}
