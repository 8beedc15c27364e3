package dev.agentserver.gateway.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.gateway.transcode.options.Mode;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.OptionsReader;
import dev.agentserver.gateway.transcode.route.RouteTrie;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Template;
import dev.agentserver.gateway.transcode.route.Unescape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Plays one case and looks at what came of it.
final class FactChecks {
  private final FactGateways gateways;
  private final String mode;

  FactChecks(FactGateways gateways, String mode) {
    this.gateways = gateways;
    this.mode = mode;
  }

  void check(Fact fact) throws IOException {
    var expected = fact.in(mode);
    if (fact.is("templates")) {
      path(fact, expected);
    } else if (expected.is("refuses")) {
      start(fact, expected);
    } else {
      call(fact, expected);
    }
  }

  private static Map<String, Object> options(Fact fact, Fact expected) {
    var options = new HashMap<>(fact.map("options"));
    options.putAll(expected.map("options"));
    return options;
  }

  // Templates.

  private void path(Fact fact, Fact expected) {
    var options =
        OptionsReader.read(
            Mode.valueOf(mode.toUpperCase(Locale.ROOT)), Json.write(options(fact, expected)));
    var trie =
        new RouteTrie<String>(
            Unescape.named(options.text(Option.URL_UNESCAPE_SPEC)),
            options.is(Option.MATCH_UNREGISTERED_CUSTOM_VERB),
            options.isEnvoy());
    var templates = Fact.list(fact.get("templates"));
    if (expected.is("refuses")) {
      assertThatThrownBy(() -> templates.forEach(each -> add(trie, each.toString())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(expected.text("refuses", ""));
      return;
    }
    templates.forEach(each -> add(trie, each.toString()));
    var found = trie.find("GET", Macros.text(fact.text("path", "")));
    if (!expected.is("match")) {
      assertThat(found).isNotInstanceOf(Lookup.Found.class);
      return;
    }
    var values = new HashMap<String, String>();
    expected.map("values").forEach((name, value) -> values.put(name, value.toString()));
    if (expected.is("values")) {
      assertThat(found).isEqualTo(new Lookup.Found<>(expected.text("match", ""), values));
    } else {
      assertThat(found).isInstanceOf(Lookup.Found.class);
      assertThat(((Lookup.Found<String>) found).target()).isEqualTo(expected.text("match", ""));
    }
  }

  private static void add(RouteTrie<String> trie, String template) {
    var isAny = template.startsWith("ANY ");
    var text = isAny ? template.substring(4) : template;
    trie.add(isAny ? RouteTrie.ANY_METHOD : "GET", Template.parse(text), text);
  }

  // Starting.

  private void start(Fact fact, Fact expected) {
    var variables = new HashMap<String, String>();
    fact.map("config").forEach((name, value) -> variables.put(name, value.toString()));
    assertThatThrownBy(() -> gateways.start(options(fact, expected), false, variables).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected.text("refuses", ""));
  }

  // Calls.

  private void call(Fact fact, Fact expected) throws IOException {
    boolean isRaw = fact.is("raw");
    gateways.service.play(fact);
    gateways.http.play(fact);
    int port = gateways.port(options(fact, expected), isRaw);
    if (fact.is("h2")) {
      trailers(port, fact, expected);
      return;
    }
    var headers = new HashMap<String, String>();
    fact.map("headers").forEach((name, value) -> headers.put(name, value.toString()));
    var reply = RawHttp.send(port, fact.text("request", ""), headers, pieces(fact));
    response(expected, reply);
    if (isRaw) {
      received(expected);
    } else {
      called(expected);
    }
  }

  private static List<byte[]> pieces(Fact fact) {
    if (!fact.is("body")) {
      return List.of();
    }
    var whole = Macros.bytes(fact.text("body", ""));
    if (!fact.is("pieces")) {
      return List.of(whole);
    }
    int size = Integer.parseInt(fact.text("pieces", ""));
    var pieces = new ArrayList<byte[]>();
    for (int at = 0; at < whole.length; at += size) {
      pieces.add(java.util.Arrays.copyOfRange(whole, at, Math.min(at + size, whole.length)));
    }
    return pieces;
  }

  private static void response(Fact expected, RawHttp.Reply reply) {
    assertThat(reply.code()).as(reply.text()).hasToString(expected.text("code", "200"));
    expected
        .map("has")
        .forEach(
            (name, value) ->
                assertThat(reply.headers().get(name))
                    .as(name)
                    .isEqualTo(value == null ? null : value.toString()));
    if (expected.is("text")) {
      assertThat(reply.text()).isEqualTo(Macros.text(expected.text("text", "")));
      assertThat(reply.body()).isEqualTo(Macros.bytes(expected.text("text", "")));
    }
    if (expected.is("starts")) {
      assertThat(reply.text()).startsWith(Macros.text(expected.text("starts", "")));
    }
    Fact.list(expected.get("contains"))
        .forEach(part -> assertThat(reply.text()).contains(part.toString()));
    assertThat(reply.isCut()).as("cut").isEqualTo(expected.is("cut"));
  }

  private void called(Fact expected) {
    if (!expected.text("calls", "").equals("*")) {
      assertThat(gateways.service.called()).as("called").isEqualTo(expected.text("calls", ""));
    }
    var wanted = Fact.list(expected.get("up"));
    var received = gateways.service.received();
    if (expected.is("up")) {
      assertThat(received).as("messages").hasSameSizeAs(wanted);
    }
    for (int i = 0; i < wanted.size(); i++) {
      var type = received.get(i).getDescriptorForType().getFullName();
      var json =
          wanted.get(i) instanceof String text ? Macros.text(text) : Json.write(wanted.get(i));
      assertThat(received.get(i)).isEqualTo(Macros.message(type, json));
    }
    expected
        .map("sees")
        .forEach(
            (name, value) -> assertThat(gateways.service.header(name)).as(name).isEqualTo(value));
  }

  private void received(Fact expected) {
    var request = gateways.http.received();
    if (expected.is("passes")) {
      var passed = Objects.requireNonNull(request, "nothing was passed");
      assertThat(passed.method() + " " + passed.path()).isEqualTo(expected.text("passes", ""));
    } else if (expected.is("calls")) {
      assertThat(request).isNotNull();
      assertThat(request.path()).isEqualTo("/bookstore.Bookstore/" + expected.text("calls", ""));
    } else {
      assertThat(request).as("what the service got").isNull();
    }
    expected
        .map("sees")
        .forEach(
            (name, value) ->
                assertThat(Objects.requireNonNull(request).headers().get(name))
                    .as(name)
                    .isEqualTo(value));
  }

  private static void trailers(int port, Fact fact, Fact expected) {
    var line = fact.text("request", "").split(" ");
    var headers = RequestHeaders.builder(HttpMethod.valueOf(line[0]), line[1]);
    fact.map("headers").forEach((name, value) -> headers.add(name, value.toString()));
    var request =
        fact.is("body")
            ? HttpRequest.of(headers.build(), HttpData.wrap(Macros.bytes(fact.text("body", ""))))
            : HttpRequest.of(headers.build());
    var client = WebClient.of("h2c://127.0.0.1:" + port);
    var reply = client.execute(request).aggregate().join();
    assertThat(reply.status().codeAsText()).isEqualTo(expected.text("code", "200"));
    if (expected.is("text")) {
      assertThat(reply.contentUtf8()).isEqualTo(expected.text("text", ""));
    }
    expected
        .map("has")
        .forEach((name, value) -> assertThat(reply.headers().get(name)).as(name).isEqualTo(value));
    expected
        .map("trailers")
        .forEach((name, value) -> assertThat(reply.trailers().get(name)).as(name).isEqualTo(value));
  }
}
