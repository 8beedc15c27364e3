package dev.agentserver.e2e.ledger;

import com.google.protobuf.Duration;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.BudgetHold;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.ExtendBudgetHoldRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.ReleaseBudgetHoldRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import dev.agentserver.agentrun.v1.StreamUsageRequest;
import dev.agentserver.agentrun.v1.StreamUsageResponse;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.e2e.ledger.Books.Usage;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// One of many who reserve, spend and give back in every way there is. What gets no clear answer is
/// sent again as it was, until it has one.
final class Spender {
  private static final String RESERVED = "0.001";
  private static final String MORE = "0.0005";
  private static final Duration LONG = Duration.newBuilder().setSeconds(7200).build();
  private static final long SECONDS = 10;

  private final Login login;
  private final Books books;
  private final Random random;

  /// Whether all that is spent was reserved before.
  private final boolean careful;

  Spender(Login login, Books books, Random random, boolean careful) {
    this.login = login;
    this.books = books;
    this.random = random;
    this.careful = careful;
  }

  void spend(BooleanSupplier stopped) {
    while (!stopped.getAsBoolean()) {
      switch (careful ? 3 : random.nextInt(5)) {
        case 0 -> record();
        case 1 -> batch();
        case 2 -> stream();
        default -> reserve();
      }
    }
  }

  private Usage usage(String hold) {
    var usage = Price.usage(login.id(), UUID.randomUUID().toString(), hold, random);
    books.sent(usage);
    return usage;
  }

  private void record() {
    send(usage(""));
  }

  private void send(Usage usage) {
    var request = RecordUsageRequest.newBuilder().setRecord(usage.record()).build();
    var event = call(UsageServiceGrpc.getRecordUsageMethod(), request);
    books.acknowledged(event.getIdempotencyKey(), event.getTotal());
  }

  private List<Usage> several(int most) {
    var several = new ArrayList<Usage>();
    for (var left = 1 + random.nextInt(most); left > 0; left--) {
      several.add(usage(""));
    }
    return several;
  }

  /// Some of the records are in it twice.
  private void batch() {
    var request = BatchRecordUsageRequest.newBuilder();
    for (var usage : several(8)) {
      request.addRecords(usage.record());
      if (random.nextInt(4) == 0) {
        request.addRecords(usage.record());
      }
    }
    for (var result :
        call(UsageServiceGrpc.getBatchRecordUsageMethod(), request.build()).getResultsList()) {
      if (!result.getErrorReason().isEmpty()) {
        throw new IllegalStateException("a record was refused: " + result);
      }
      books.acknowledged(result.getIdempotencyKey(), result.getEvent().getTotal());
    }
  }

  private void stream() {
    var several = several(12);
    var reply = Patience.until(() -> streamed(several), login::renew);
    if (reply.getRecorded() + reply.getDuplicates() != several.size()) {
      throw new IllegalStateException("of " + several.size() + " there were " + reply);
    }
    several.forEach(usage -> books.acknowledged(usage.record().getIdempotencyKey()));
  }

  private StreamUsageResponse streamed(List<Usage> several) {
    var call = login.grpc().open(UsageServiceGrpc.getStreamUsageMethod());
    try {
      for (var usage : several) {
        var request = StreamUsageRequest.newBuilder().addRecords(usage.record()).build();
        if (!call.write(request, SECONDS, TimeUnit.SECONDS)) {
          break; // it has ended: the reply says how
        }
      }
      call.halfClose();
      return call.read(SECONDS, TimeUnit.SECONDS);
    } catch (StatusException failure) {
      throw new StatusRuntimeException(failure.getStatus(), failure.getTrailers());
    } catch (TimeoutException failure) {
      throw Status.DEADLINE_EXCEEDED.withCause(failure).asRuntimeException();
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    } finally {
      call.cancel("that was all", null);
    }
  }

  private void reserve() {
    var request =
        ReserveBudgetRequest.newBuilder()
            .setAmount(RESERVED)
            .setTtl(LONG)
            .setRequestId(UUID.randomUUID().toString());
    var hold = admitted(BudgetServiceGrpc.getReserveBudgetMethod(), request.build());
    if (hold == null) {
      return;
    }
    if (random.nextInt(3) == 0) {
      var extend =
          ExtendBudgetHoldRequest.newBuilder()
              .setHoldId(hold.getId())
              .setAmount(MORE)
              .setTtl(LONG)
              .setRequestId(UUID.randomUUID().toString());
      admitted(BudgetServiceGrpc.getExtendBudgetHoldMethod(), extend.build());
    }
    switch (random.nextInt(20)) {
      case 0 -> {} // and nobody hears of it again
      case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> {
        var release = ReleaseBudgetHoldRequest.newBuilder().setHoldId(hold.getId()).build();
        call(BudgetServiceGrpc.getReleaseBudgetHoldMethod(), release);
        books.ended(hold.getId());
      }
      default -> {
        send(usage(hold.getId()));
        books.ended(hold.getId());
      }
    }
  }

  /// Null: the budget does not leave so much.
  private <Q> BudgetHold admitted(MethodDescriptor<Q, BudgetHold> method, Q request) {
    try {
      var hold = call(method, request);
      books.holds(hold.getId(), login.id(), hold.getAmount());
      return hold;
    } catch (StatusRuntimeException refused) {
      if (Patience.isSpent(refused)) {
        books.refused();
        return null;
      }
      throw refused;
    }
  }

  private <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    return Patience.until(() -> login.grpc().call(method, request), login::renew);
  }
}
