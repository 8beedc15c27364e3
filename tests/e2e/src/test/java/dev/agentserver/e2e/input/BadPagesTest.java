package dev.agentserver.e2e.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Page sizes and page tokens that do not fit.
@ExtendWith(SharedServer.class)
class BadPagesTest {
  private User user;
  private Http http;

  @BeforeEach
  void threeConversations(Server server) {
    user = User.member(server);
    http = user.http();
    for (var i = 0; i < 3; i++) {
      user.conversation("number " + i);
    }
  }

  @Test
  void aNegativePageSizeIsRefused() {
    var failure = http.get("/conversations?page_size=-1").failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).containsExactly("page_size");
  }

  @Test
  void aHugePageSizeIsTakenForTheLargest() {
    assertThat(http.get("/conversations?page_size=2147483647").expect(200).json()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "1.5", "many", "1e400", "0x10"})
  void aPageSizeThatIsNoSuchNumberIsRefused(String size) {
    assertThat(http.get("/conversations?page_size=" + size).failure(400).fields())
        .containsExactly("page_size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "AAAA", "%F0%9F%A6%89", "....", "eyJhIjoxfQ=="})
  void aTokenThatNobodyMadeIsRefused(String token) {
    var failure = http.get("/conversations?page_token=" + token).failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_PAGE_TOKEN");
  }

  @Test
  void aTokenWithANulIsRefused() {
    assertThat(http.get("/conversations?page_token=%00").failure(400).reason())
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void aTokenOfAnotherCallerIsRefused(Server server) {
    assertRefused(User.member(server).http(), "/conversations", token());
    assertRefused(User.owner(server, 2).http(), "/conversations", token());
  }

  @Test
  void aTokenOfAnotherFilterIsRefused() {
    assertRefused(http, "/conversations?title_contains=number", token());
    assertRefused(http, "/conversations?pinned=true", token());
  }

  @Test
  void aTokenOfAnotherMethodIsRefused() {
    assertRefused(http, User.messages(user.conversation("other")), token());
  }

  @Test
  void aTokenOfAnotherConversationIsRefused() {
    var here = conversationOfTwo();
    var page = http.get(User.messages(here) + "?page_size=1").expect(200).json();
    var token = page.path("next_page_token").asText();
    assertThat(token).isNotEmpty();
    assertRefused(http, User.messages(conversationOfTwo()), token);
  }

  @Test
  void aDamagedTokenIsRefused() {
    var token = token();
    for (var i = 0; i < token.length(); i += 7) {
      var other = token.charAt(i) == 'A' ? 'B' : 'A';
      var damaged = token.substring(0, i) + other + token.substring(i + 1);
      var reply = http.get("/conversations?page_size=1&page_token=" + Http.encoded(damaged));
      // A change inside the position may make another valid position of the same caller's list.
      assertThat(reply.status()).isIn(200, 400);
    }
    assertRefused(http, "/conversations", token.substring(0, token.length() / 2));
  }

  @Test
  void aTokenIsGoodWithAnotherPageSize() {
    var path = "/conversations?page_size=2&page_token=" + Http.encoded(token());
    assertThat(http.get(path).expect(200).json()).hasSize(2);
  }

  private String token() {
    return http.get("/conversations?page_size=1").header("X-Next-Page-Token").orElseThrow();
  }

  private String conversationOfTwo() {
    var id = user.conversation("two");
    user.message(id, "a");
    user.message(id, "b");
    return id;
  }

  private static void assertRefused(Http http, String path, String token) {
    var glue = path.contains("?") ? "&" : "?";
    var failure = http.get(path + glue + "page_token=" + Http.encoded(token)).failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_PAGE_TOKEN");
  }
}
