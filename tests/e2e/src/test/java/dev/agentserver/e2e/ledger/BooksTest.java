package dev.agentserver.e2e.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.e2e.ledger.Books.Stored;
import dev.agentserver.e2e.ledger.Books.Usage;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A check that cannot fail proves nothing: each kind of damage is shown to it once.
class BooksTest {
  private static final Stored A = new Stored("a", "u", new BigDecimal("0.25"));
  private static final Stored B = new Stored("b", "u", new BigDecimal("0.50"));

  private final Books books = new Books();

  @BeforeEach
  void twoThatWereAnswered() {
    for (var one : List.of(A, B)) {
      var record = UsageRecord.newBuilder().setIdempotencyKey(one.key()).build();
      books.sent(new Usage(record, one.user(), one.cost()));
      books.acknowledged(one.key(), one.cost().toPlainString());
    }
  }

  @Test
  void whatIsThereOnceIsWell() {
    assertThat(books.violations(List.of(A, B))).isEmpty();
    assertThat(books.spent("u")).isEqualByComparingTo("0.75");
    assertThat(books.spent("v")).isZero();
  }

  @Test
  void whatIsGoneIsSeen() {
    assertThat(books.violations(List.of(B))).containsExactly("lost: a");
  }

  @Test
  void whatIsThereTwiceIsSeen() {
    assertThat(books.violations(List.of(A, B, B))).singleElement().asString().startsWith("twice");
  }

  @Test
  void whatNobodySentIsSeen() {
    var other = new Stored("c", "u", BigDecimal.ONE);
    assertThat(books.violations(List.of(A, B, other)))
        .singleElement()
        .asString()
        .startsWith("never sent");
  }

  @Test
  void whatCostsSomethingElseOrAnotherUserIsSeen() {
    var dear = new Stored("a", "u", new BigDecimal("0.250000000001"));
    assertThat(books.violations(List.of(dear, B))).singleElement().asString().startsWith("wrong");
    var foreign = new Stored("b", "v", B.cost());
    assertThat(books.violations(List.of(A, foreign)))
        .singleElement()
        .asString()
        .startsWith("wrong");
  }

  @Test
  void whatWasAcknowledgedAtAnotherCostIsSeen() {
    books.acknowledged("a", "0.26");
    assertThat(books.violations(List.of(A, B))).singleElement().asString().startsWith("acknowl");
  }
}
