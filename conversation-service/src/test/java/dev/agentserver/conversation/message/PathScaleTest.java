package dev.agentserver.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Pages;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.branch.Grown;
import dev.agentserver.conversation.member.Crowd;
import dev.agentserver.conversation.message.AppendStore.Change;
import dev.agentserver.conversation.message.MessageStore.Range;
import dev.agentserver.conversation.tree.Chain.Window;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.EditMessageRequest;
import dev.agentserver.conversation.v1.ListBranchesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest.Order;
import dev.agentserver.conversation.v1.ListSiblingsRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.kit.test.Fewest;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a page costs in a small conversation and in a large one.
/// `-Dbranches.count=10000 -Dbranches.messages=100000` for larger ones.
class PathScaleTest extends ServiceTest {
  private static final int BRANCHES = Integer.getInteger("branches.count", 400);
  private static final int MESSAGES = Integer.getInteger("branches.messages", 1_000);
  private static final int FEW = 60;
  private static final int PAGE = 50;
  private static final int MOST_MEMBERS = 1_000;

  /// The levels of larger indexes, and the steps of a way up: of 10,000 branches some forty, each
  /// of which looks into the index once.
  private static final int MORE_PAGES = 200;

  /// The levels of larger indexes alone.
  private static final int FEW_PAGES = 20;

  private Conversation few;
  private Conversation chain;
  private Conversation line;
  private Conversation fan;
  private Conversation crowd;

  @BeforeAll
  void conversations() {
    few = conversation(alice);
    Grown.chain(alice, few, FEW);
    chain = conversation(alice);
    Grown.chain(alice, chain, BRANCHES);
    line = conversation(alice);
    Grown.line(alice, line, MESSAGES);
    fan = conversation(alice);
    Grown.fan(alice, fan, BRANCHES);
    crowd = conversation(alice);
    Grown.chain(alice, crowd, FEW);
    Crowd.join(service, TENANT, crowd, MOST_MEMBERS - 1);
    service.sql(
        "analyze conversation.message; analyze conversation.branch; analyze conversation.conversation_member");
  }

  private int pages(Conversation conversation, int from, boolean newestFirst) throws SQLException {
    var id = UUID.fromString(conversation.getId());
    var range = new Range(id, null, new Window(from, newestFirst, PAGE));
    var store = new MessageStore();
    return Pages.touched(service, db -> store.list(db, alice.caller(), range));
  }

  @Test
  void aPageOfAPathReadsNoMoreHoweverManyBranchesItGoesThrough() throws SQLException {
    var newest = pages(few, Integer.MAX_VALUE, true);
    assertThat(pages(chain, Integer.MAX_VALUE, true)).isBetween(1, newest + MORE_PAGES);
    assertThat(pages(chain, 0, false)).isBetween(1, newest + MORE_PAGES);
    assertThat(pages(chain, BRANCHES / 2, false)).isBetween(1, newest + MORE_PAGES);
    assertThat(pages(fan, Integer.MAX_VALUE, true)).isBetween(1, newest + MORE_PAGES);
  }

  @Test
  void aDeepPageReadsNoMoreThanTheFirst() throws SQLException {
    var first = pages(line, 0, false);
    assertThat(pages(line, MESSAGES / 2, false)).isBetween(1, first + FEW_PAGES);
    assertThat(pages(line, Integer.MAX_VALUE, true)).isBetween(1, first + FEW_PAGES);
  }

  /// To read, and to reserve the place of what is said; that the lists of all members hear of it is
  /// done once in two seconds, however much is said.
  @Test
  void whoReadsOrSaysSomethingAmongAThousandReadsNoMoreThanAlone() throws SQLException {
    assertThat(pages(crowd, Integer.MAX_VALUE, true))
        .isBetween(1, pages(few, Integer.MAX_VALUE, true) + FEW_PAGES);
    assertThat(reserving(crowd)).isBetween(1, reserving(few) + FEW_PAGES);
  }

  private int reserving(Conversation conversation) throws SQLException {
    var id = UUID.fromString(conversation.getId());
    var change = new Change(id, 1, "more", "", UUID.randomUUID(), null, true, null, null);
    var store = new AppendStore();
    return Pages.touched(service, db -> store.reserve(db, alice.caller(), change));
  }

  /// As many statements in a large conversation as in a small one.
  @Test
  void nothingIsAskedOnceForEachBranch() {
    var edit = edit(few);
    // Where lists have not heard of activity for two seconds they are told by one more.
    assertThat(edit(chain)).isBetween(edit - 1, edit + 1);
    assertThat(list(chain)).isEqualTo(list(few));
    assertThat(siblings(fan)).isEqualTo(siblings(few));
    assertThat(branches(fan)).isEqualTo(branches(few));
  }

  private Message newest(Conversation conversation) {
    return alice
        .messages()
        .listMessages(newestFirst(conversation).setPageSize(1).build())
        .getMessages(0);
  }

  private static ListMessagesRequest.Builder newestFirst(Conversation conversation) {
    return ListMessagesRequest.newBuilder()
        .setConversationId(conversation.getId())
        .setOrder(Order.ORDER_NEWEST_FIRST);
  }

  private int edit(Conversation conversation) {
    var edit =
        EditMessageRequest.newBuilder()
            .setMessageId(newest(conversation).getId())
            .setContent("other")
            .build();
    return Fewest.of(() -> service.statements(() -> alice.branches().editMessage(edit)));
  }

  private int list(Conversation conversation) {
    var request = newestFirst(conversation).setPageSize(1_000).build();
    return Fewest.of(() -> service.statements(() -> alice.messages().listMessages(request)));
  }

  private int siblings(Conversation conversation) {
    var request =
        ListSiblingsRequest.newBuilder()
            .setMessageId(newest(conversation).getId())
            .setPageSize(1_000)
            .build();
    return Fewest.of(() -> service.statements(() -> alice.branches().listSiblings(request)));
  }

  private int branches(Conversation conversation) {
    var request =
        ListBranchesRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setPageSize(1_000)
            .build();
    return Fewest.of(() -> service.statements(() -> alice.branches().listBranches(request)));
  }
}
