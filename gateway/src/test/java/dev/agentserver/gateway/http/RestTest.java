package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.bookstore.CreateBookRequest;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import dev.agentserver.test.bookstore.DeleteBookRequest;
import dev.agentserver.test.bookstore.GetShelfRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Envoy's unary cases (U1 to U7), as far as the safe mode answers them alike.
class RestTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void aBodyBecomesTheFieldItsRuleNames() {
    var response = gateway.send("POST", "/shelf", "{\"id\": 20, \"theme\": \"Children\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(response.body()).startsWith("{\"id\":\"20\",\"theme\":\"Children\"");
    var request = (CreateShelfRequest) gateway.recorder().message();
    assertThat(request.getShelf().getTheme()).isEqualTo("Children");
  }

  @Test
  void anEmptyRequestNeedsNothing() {
    var response = gateway.get("/shelves");

    assertThat(response.body())
        .contains("{\"id\":\"20\",\"theme\":\"Children\"")
        .contains("{\"id\":\"1\",\"theme\":\"Foo\"");
  }

  @Test
  void aPathBindsItsVariables() {
    var response = gateway.send(gateway.request("/shelves/456/books/123").DELETE());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(gateway.recorder().message())
        .isEqualTo(DeleteBookRequest.newBuilder().setShelf(456).setBook(123).build());
  }

  @Test
  void aPathBindsInsideTheBody() {
    gateway.send("PATCH", "/shelves/456/books/123", "{\"author\":\"Leo Tolstoy\"}");

    var request = (CreateBookRequest) gateway.recorder().message();
    assertThat(request.getShelf()).isEqualTo(456);
    assertThat(request.getBook().getId()).isEqualTo(123);
    assertThat(request.getBook().getAuthor()).isEqualTo("Leo Tolstoy");
  }

  @Test
  void aCustomMethodIsARoute() {
    var response =
        gateway.send(
            gateway
                .request("/shelves/456")
                .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(gateway.recorder().message())
        .isEqualTo(GetShelfRequest.newBuilder().setShelf(456).build());
  }

  @Test
  void aPathMayBeTheMethodsOwn() {
    var response =
        gateway.send(
            "POST",
            "/bookstore.Bookstore/CreateShelfWithPackageServiceAndMethod",
            "{\"theme\":\"Children\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"theme\":\"Children\"");
  }
}
