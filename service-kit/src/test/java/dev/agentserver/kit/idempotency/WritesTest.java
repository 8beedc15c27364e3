package dev.agentserver.kit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WritesTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static TestDatabase db;

  private final Writes writes = new Writes(db.database(), Duration.ofHours(24));

  @BeforeAll
  static void open() {
    db = TestDatabase.fresh("kit");
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @BeforeEach
  void empty() {
    db.sql("delete from item; delete from idempotency_key");
  }

  @Test
  void aRetryGetsTheFirstReplyAndHasNoEffect() {
    var first = writes.once(alice(), attempt("r-1", "a"), insert("apple"));
    var again = writes.once(alice(), attempt("r-1", "a"), insert("pear"));
    assertThat(again).isEqualTo(first);
    assertThat(items()).containsExactly("apple");
  }

  @Test
  void withoutARequestIdEveryWriteIsAnother() {
    writes.once(alice(), attempt("", "a"), insert("apple"));
    writes.once(alice(), attempt("", "a"), insert("pear"));
    assertThat(items()).containsExactlyInAnyOrder("apple", "pear");
  }

  @Test
  void anotherRequestUnderTheSameIdIsRefused() {
    writes.once(alice(), attempt("r-1", "a"), insert("apple"));
    assertThatThrownBy(() -> writes.once(alice(), attempt("r-1", "b"), insert("pear")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                        Problem.Refused.class,
                        problem -> assertThat(problem.reason()).isEqualTo("REQUEST_ID_REUSED")));
    assertThat(items()).containsExactly("apple");
  }

  @Test
  void anotherPrincipalMayUseTheSameId() {
    writes.once(alice(), attempt("r-1", "a"), insert("apple"));
    writes.once(user(), attempt("r-1", "a"), insert("pear"));
    assertThat(items()).containsExactlyInAnyOrder("apple", "pear");
  }

  @Test
  void aWriteThatFailsLeavesTheIdFree() {
    assertThatThrownBy(
            () ->
                writes.once(
                    alice(),
                    attempt("r-1", "a"),
                    _ -> {
                      throw Problem.invalid("name", "is bad");
                    }))
        .isInstanceOf(ProblemException.class);
    writes.once(alice(), attempt("r-1", "a"), insert("apple"));
    assertThat(items()).containsExactly("apple");
  }

  @Test
  void aServicePrincipalWithoutTenantMayWriteOnceToo() {
    var service =
        new Caller(null, UUID.randomUUID(), Caller.Kind.SERVICE, Set.of(), Set.of(), "c-2");
    writes.once(service, attempt("r-1", "a"), insert("apple"));
    writes.once(service, attempt("r-1", "a"), insert("pear"));
    assertThat(items()).containsExactly("apple");
  }

  @Test
  void aRetryThatComesWhileTheFirstStillRunsWaitsForIt() throws Exception {
    var running = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  writes.once(
                      alice(),
                      attempt("r-1", "a"),
                      context -> {
                        running.countDown();
                        Await.latch(mayEnd);
                        return insert("apple").apply(context);
                      }));
      Await.latch(running);
      var retry = threads.submit(() -> writes.once(alice(), attempt("r-1", "a"), insert("pear")));
      Await.until("the retry waits for the first", WritesTest::lockIsAwaited);
      assertThat(retry.isDone()).isFalse();
      mayEnd.countDown();
      assertThat(retry.get()).isEqualTo(first.get());
    }
    assertThat(items()).containsExactly("apple");
  }

  @Test
  void sixtyFourConcurrentRetriesHaveOneEffectAndOneReply() throws Exception {
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies = new ArrayList<Future<String>>();
      for (var i = 0; i < 64; i++) {
        var name = "item-" + i;
        Callable<String> retry =
            () -> {
              Await.latch(start);
              return writes.once(alice(), attempt("r-1", "a"), insert(name));
            };
        replies.add(threads.submit(retry));
      }
      start.countDown();
      var distinct = new HashSet<String>();
      for (var reply : replies) {
        distinct.add(reply.get());
      }
      assertThat(distinct).hasSize(1);
    }
    assertThat(items()).hasSize(1);
  }

  @Test
  void aSweepRemovesOnlyWhatIsOlderThanItsKeep() {
    writes.once(alice(), attempt("old", "a"), insert("apple"));
    db.sql("update idempotency_key set created_at = now() - interval '25 hours'");
    writes.once(alice(), attempt("new", "a"), insert("pear"));
    writes.sweep();
    assertThat(db.rows("select request_id from idempotency_key")).containsExactly("new");
  }

  private static final UUID ALICE = UUID.randomUUID();

  private static Caller alice() {
    return new Caller(TENANT, ALICE, Caller.Kind.USER, Set.of(), Set.of(), "c-1");
  }

  private static Caller user() {
    return new Caller(TENANT, UUID.randomUUID(), Caller.Kind.USER, Set.of(), Set.of(), "c-1");
  }

  private static Attempt<String> attempt(String requestId, String request) {
    var hash = new byte[32];
    hash[0] = (byte) request.charAt(0);
    return new Attempt<>(
        "kit.Test/Write",
        requestId,
        hash,
        reply -> reply.getBytes(StandardCharsets.UTF_8),
        bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Function<DSLContext, String> insert(String name) {
    return context -> {
      var id = UUID.randomUUID();
      context
          .insertInto(DSL.table("item"), DSL.field("tenant_id"), DSL.field("id"), DSL.field("name"))
          .values(TENANT, id, name)
          .execute();
      return id.toString();
    };
  }

  private static List<String> items() {
    return db.rows("select name from item");
  }

  private static boolean lockIsAwaited() {
    return !db.rows("select 1 from pg_locks where not granted").isEmpty();
  }
}
