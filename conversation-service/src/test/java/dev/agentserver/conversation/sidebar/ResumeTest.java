package dev.agentserver.conversation.sidebar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.kit.problem.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Where a stream begins, and that nothing is missed or told twice from there.
class ResumeTest extends ElsewhereTest {
  @Test
  void whoResumesGetsWhatChangedMeanwhile() {
    var before = conversation(carol);
    String token;
    try (var list = follow(carol, "")) {
      token = ResumeToken.of(list.await("it", shows(before, _ -> true)).seen());
    }
    var meanwhile = conversation(carol);
    rename(carol, before, "changed");
    try (var list = follow(carol, token)) {
      list.await("the new one", shows(meanwhile, _ -> true));
      list.await("the changed one", shows(before, now -> title(now).equals("changed")));
    }
  }

  @Test
  void manyChangesComePageByPageEachOnce() {
    var token = token(carol);
    var made =
        IntStream.range(0, 2 * Follower.PAGE + 7).mapToObj(_ -> conversation(carol)).toList();
    try (var list = follow(carol, token)) {
      list.await("the last", shows(made.getLast(), _ -> true));
      rename(carol, made.getFirst(), "again");
      list.await("the first", shows(made.getFirst(), now -> title(now).equals("again")));
      assertThat(shown(list)).hasSize(made.size() + 1);
      assertThat(shown(list).subList(0, made.size()))
          .isEqualTo(made.stream().map(Conversation::getId).toList());
    }
  }

  @Test
  void whatIsReadAgainIsNotSentAgain() {
    try (var list = follow(carol, "")) {
      var still = conversation(carol);
      var moving = conversation(carol);
      for (var step = 1; step <= 10; step++) {
        rename(carol, moving, "step " + step);
        var title = "step " + step;
        list.await(title, shows(moving, now -> title(now).equals(title)));
      }
      assertThat(list.all().stream().filter(shows(still, _ -> true))).hasSize(1);
    }
  }

  @Test
  void aTokenThatIsTooOldResetsTheListAndOnlyWhatIsNewFollows() {
    var old = conversation(carol);
    service.sql(
        "update conversation_member set changed_at = now() - interval '20 days' where conversation_id = '%s'"
            .formatted(old.getId()));
    var token = ResumeToken.of(Instant.now().minus(Duration.ofDays(31)));
    try (var list = follow(carol, token)) {
      var fresh = conversation(carol);
      list.await("the new one", shows(fresh, _ -> true));
      assertThat(list.all().getFirst()).isInstanceOf(Change.Reset.class);
      assertThat(list.all()).noneMatch(shows(old, _ -> true));
    }
  }

  @Test
  void aTokenOfATimeToComeBeginsNow() {
    try (var list = follow(carol, ResumeToken.of(Instant.now().plus(Duration.ofDays(400))))) {
      var fresh = conversation(carol);
      list.await("the new one", shows(fresh, _ -> true));
    }
  }

  @Test
  void aDamagedTokenIsRefused() {
    assertThatThrownBy(() -> sidebar.follow(carol.caller(), "damaged", _ -> {}))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("resume_token");
  }

  @Test
  void aChangeThatIsCommittedLateIsNotMissed() throws SQLException {
    var late = conversation(carol);
    var early = conversation(carol);
    try (var list = follow(carol, "");
        var slow = service.database().superuser();
        var statement = slow.createStatement()) {
      list.await("both", shows(early, _ -> true));
      slow.setAutoCommit(false);
      statement.execute(
          "update conversation_member set pinned = true, changed_at = clock_timestamp() where conversation_id = '%s'"
              .formatted(late.getId()));
      rename(carol, early, "committed first");
      var first =
          list.await("the first", shows(early, now -> title(now).equals("committed first")));
      slow.commit();
      var second = list.await("the second", shows(late, now -> now.membership().pinned()));
      assertThat(second.seen()).as("tokens do not go back").isAfterOrEqualTo(first.seen());
    }
  }
}
