package dev.agentserver.gateway.transcode.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Envoy's cases of path template matching: templates, a path, and what matches with which values.
class RouteTrieTest {
  private static final String RESERVED = "%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D";
  private static final String RESERVED_PLAIN = "!#$&'()*+,/:;=?@[]";
  private static final String MIXED = "/a/** /b/* /c/*/d/** /c/*/d/e /c/f/d/e /";
  private static final String AFTER_REST = "/a/{x=b/**} /a/{x=b/**}/z /a/{x=b/**}/y/z /a/{x=**}";
  private static final String VERBS = "/person /person/{id=*} /{x=**}:verb";
  private static final String NONE = "";

  /// Templates (blanks between), path, the template that matches (empty: none), its values.
  static Stream<Arguments> cases() {
    return Stream.of(
        arguments("/**", "/", "/**", Map.of()),
        arguments("/**", "/a", "/**", Map.of()),
        arguments("/**", "/a/", "/**", Map.of()),
        arguments(MIXED, "/a/b", "/a/**", Map.of()),
        arguments(MIXED, "/a/b/c", "/a/**", Map.of()),
        arguments(MIXED, "/b/c", "/b/*", Map.of()),
        arguments(MIXED, "b/c/d", NONE, Map.of()),
        arguments(MIXED, "/c/u/d/v", "/c/*/d/**", Map.of()),
        arguments(MIXED, "/c/v/d/w/x", "/c/*/d/**", Map.of()),
        arguments(MIXED, "/c/x/y/d/z", NONE, Map.of()),
        arguments(MIXED, "/c//v/d/w/x", NONE, Map.of()),
        arguments(MIXED, "/c/x/d/e", "/c/*/d/e", Map.of()),
        arguments(MIXED, "/c/f/d/e", "/c/f/d/e", Map.of()),
        arguments(MIXED, "/", "/", Map.of()),
        arguments("/a/{x}/c/d/e", "/a/book/c/d/e", "/a/{x}/c/d/e", Map.of("x", "book")),
        arguments(
            "/{x=a/*}/b/{y=*}/c",
            "/a/hello/b/world/c",
            "/{x=a/*}/b/{y=*}/c",
            Map.of("x", "a/hello", "y", "world")),
        arguments(
            "/a/{x=b/*}/{y=d/**}",
            "/a/b/zoo/d/animal/tiger",
            "/a/{x=b/*}/{y=d/**}",
            Map.of("x", "b/zoo", "y", "d/animal/tiger")),
        arguments(
            "/alpha/{x=*}/beta/{y=**}/gamma",
            "/alpha/dog/beta/eat/bones/gamma",
            "/alpha/{x=*}/beta/{y=**}/gamma",
            Map.of("x", "dog", "y", "eat/bones")),
        arguments("/{x=**}/a/b", "/foo/bar/a/b", "/{x=**}/a/b", Map.of("x", "foo/bar")),
        arguments(
            "/{x=*}/d/e/f/{y=**}",
            "/foo/d/e/f/bar/baz",
            "/{x=*}/d/e/f/{y=**}",
            Map.of("x", "foo", "y", "bar/baz")),
        arguments(AFTER_REST, "/a/b/world/c/y/z", "/a/{x=b/**}/y/z", Map.of("x", "b/world/c")),
        arguments(AFTER_REST, "/a/b/world/c/z", "/a/{x=b/**}/z", Map.of("x", "b/world/c")),
        arguments(AFTER_REST, "/a/b/world/c", "/a/{x=b/**}", Map.of("x", "b/world/c")),
        arguments(AFTER_REST, "/a/c/world", "/a/{x=**}", Map.of("x", "c/world")),
        arguments(
            "/a/{x=b/*/y/z/**}/foo",
            "/a/b/foo/y/z/bar/baz/foo",
            "/a/{x=b/*/y/z/**}/foo",
            Map.of("x", "b/foo/y/z/bar/baz")),
        arguments("/a/{x}/c", "/a/p%20q%2Fr+/c", "/a/{x}/c", Map.of("x", "p q/r+")),
        arguments(
            "/a/{x=p/*/q/*}/c",
            "/a/p/foo%20foo/q/bar%2Fbar/c",
            "/a/{x=p/*/q/*}/c",
            Map.of("x", "p/foo foo/q/bar%2Fbar")),
        arguments(
            "/a/{x=*}/{y=**}/c",
            "/a/" + RESERVED + "/" + RESERVED + "/c",
            "/a/{x=*}/{y=**}/c",
            Map.of("x", RESERVED_PLAIN, "y", RESERVED)),
        arguments(
            "/wildcard/{arg=**}",
            "/wildcard/%2f%23/%20%2523",
            "/wildcard/{arg=**}",
            Map.of("arg", "%2f%23/ %23")),
        arguments(VERBS, "/person:verb", "/{x=**}:verb", Map.of("x", "person")),
        arguments(VERBS, "/person/jason:verb", "/{x=**}:verb", Map.of("x", "person/jason")),
        arguments(VERBS, "/animal", NONE, Map.of()),
        arguments(VERBS, "/person:other", NONE, Map.of()),
        arguments(VERBS, "/person/jason:other", "/person/{id=*}", Map.of("id", "jason:other")),
        arguments("/foo/{a=*}", "/foo/other:verb", "/foo/{a=*}", Map.of("a", "other:verb")),
        arguments(
            "/{a=*}/{b=*}:verb",
            "/some:verb/const:verb",
            "/{a=*}/{b=*}:verb",
            Map.of("a", "some:verb", "b", "const")),
        arguments("/some/*:verb", "/some/other:verb/", NONE, Map.of()),
        arguments(
            "/wildcard/{arg=**} /foo/bar:verb",
            "/wildcard/random:unknown",
            "/wildcard/{arg=**}",
            Map.of("arg", "random:unknown")),
        arguments("/wildcard/{arg=**} /foo/bar:verb", "/wildcard/random:verb", NONE, Map.of()),
        arguments("/prefix/middle/suffix", "/prefix/middle", NONE, Map.of()),
        arguments("/prefix/middle/suffix", "/prefix/middle/suffix/other", NONE, Map.of()),
        arguments("/v1/files/{path=**} /v1/files", "/v1/files", "/v1/files", Map.of()),
        arguments("/a/**/x", "/a/x", NONE, Map.of()));
  }

  @ParameterizedTest(name = "{1} against {0}")
  @MethodSource("cases")
  void findsTheTemplateAndItsValues(
      String templates, String path, String match, Map<String, String> values) {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    for (var template : templates.split(" ")) {
      trie.add("GET", Template.parse(template), template);
    }

    var lookup = trie.find("GET", path);

    assertThat(lookup)
        .isEqualTo(match.isEmpty() ? new Lookup.Nothing<>() : new Lookup.Found<>(match, values));
  }

  static Stream<Arguments> unescapings() {
    return Stream.of(
        arguments(Unescape.UNRESERVED, "%2f%23/ %23"),
        arguments(Unescape.ALL_BUT_SLASH, "%2f#/ %23"),
        arguments(Unescape.ALL, "/#/ %23"));
  }

  @ParameterizedTest
  @MethodSource("unescapings")
  void severalSegmentsAreDecodedAsAsked(Unescape unescape, String value) {
    var trie = new RouteTrie<String>(unescape);
    trie.add("POST", Template.parse("/wildcard/{arg=**}"), "it");

    assertThat(trie.find("POST", "/wildcard/%2f%23/%20%2523"))
        .isEqualTo(new Lookup.Found<>("it", Map.of("arg", value)));
  }

  @Test
  void aLongPathCostsNoStack() {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add("GET", Template.parse("/a/**/x"), "it");
    var slashes = "/a/" + "/".repeat(64_000);

    assertThat(trie.find("GET", slashes + "/x")).isInstanceOf(Lookup.Found.class);
    assertThat(trie.find("GET", slashes + "/y")).isInstanceOf(Lookup.Nothing.class);
  }

  @Test
  void aPathThatIsNotUtf8IsRefusedByName() {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add("GET", Template.parse("/a/{name}"), "it");

    assertThatThrownBy(() -> trie.find("GET", "/a/%ff"))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("name")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void anotherMethodOnTheSamePathIsToldWhichAreAllowed() {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add("GET", Template.parse("/a/{x}"), "get");
    trie.add("POST", Template.parse("/{y=**}"), "post");

    assertThat(trie.find("PUT", "/a/b")).isEqualTo(new Lookup.WrongMethod<>(Set.of("GET", "POST")));
    assertThat(trie.find("POST", "/a/b")).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void aRouteForAnyMethodTakesEach() {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add(RouteTrie.ANY_METHOD, Template.parse("/a"), "any");

    assertThat(trie.find("LOCK", "/a")).isEqualTo(new Lookup.Found<>("any", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a{x=b/**}/{y=*}",
        "/a/**/*",
        "/a/**/foo/*",
        "/a/**/**",
        "/book/{",
        "/book/{}",
        "/book/{x",
        "/book/{x=}",
        "/book/{x={y}}",
        "/book/{x}/{x}",
        "/book//x",
        "/book/",
        "/book:",
        "/book:a:b",
        "book",
        "",
        "/bo ok"
      })
  void aTemplateThatIsNoTemplateIsRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.parse(template))
        .withMessageContaining("position");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/{x}", "/a/*", "/a/{other.name=*}"})
  void routesThatNoPathCouldTellApartAreRefused(String second) {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add("GET", Template.parse("/a/{id}"), "first");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trie.add("GET", Template.parse(second), "second"))
        .withMessageContaining("first")
        .withMessageContaining("second");
  }
}
