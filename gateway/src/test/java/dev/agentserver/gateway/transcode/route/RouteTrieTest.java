package dev.agentserver.gateway.transcode.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Envoy's cases of path template matching: templates, a path, and what matches with which values.
class RouteTrieTest {
  /// Sets of templates that several paths are looked up in.
  private static final Map<String, String> SETS =
      Map.of(
          "MIXED", "/a/** /b/* /c/*/d/** /c/*/d/e /c/f/d/e /",
          "TAILS", "/a/{x=b/**} /a/{x=b/**}/z /a/{x=b/**}/y/z /a/{x=**}",
          "VERBS", "/person /person/{id=*} /{x=**}:verb",
          "WILD", "/wildcard/{arg=**} /foo/bar:verb");

  /// Templates (blanks between, or a set), path, the template that matches (-: none), its values.
  @ParameterizedTest(name = "{1} against {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /** | / | /** |
          /** | /a | /** |
          /** | /a/ | /** |
          MIXED | /a/b | /a/** |
          MIXED | /a/b/c | /a/** |
          MIXED | /b/c | /b/* |
          MIXED | b/c/d | - |
          MIXED | /c/u/d/v | /c/*/d/** |
          MIXED | /c/v/d/w/x | /c/*/d/** |
          MIXED | /c/x/y/d/z | - |
          MIXED | /c//v/d/w/x | - |
          MIXED | /c/x/d/e | /c/*/d/e |
          MIXED | /c/f/d/e | /c/f/d/e |
          MIXED | / | / |
          /a/{x}/c/d/e | /a/book/c/d/e | /a/{x}/c/d/e | x=book
          /{x=a/*}/b/{y=*}/c | /a/hello/b/world/c | /{x=a/*}/b/{y=*}/c | x=a/hello;y=world
          /a/{x=b/*}/{y=d/**} | /a/b/zoo/d/ox/cat | /a/{x=b/*}/{y=d/**} | x=b/zoo;y=d/ox/cat
          /a/{x=*}/b/{y=**}/c | /a/dog/b/eat/bones/c | /a/{x=*}/b/{y=**}/c | x=dog;y=eat/bones
          /{x=**}/a/b | /foo/bar/a/b | /{x=**}/a/b | x=foo/bar
          /{x=*}/d/e/f/{y=**} | /foo/d/e/f/bar/baz | /{x=*}/d/e/f/{y=**} | x=foo;y=bar/baz
          TAILS | /a/b/world/c/y/z | /a/{x=b/**}/y/z | x=b/world/c
          TAILS | /a/b/world/c/z | /a/{x=b/**}/z | x=b/world/c
          TAILS | /a/b/world/c | /a/{x=b/**} | x=b/world/c
          TAILS | /a/c/world | /a/{x=**} | x=c/world
          /a/{x=b/*/y/z/**}/f | /a/b/f/y/z/bar/baz/f | /a/{x=b/*/y/z/**}/f | x=b/f/y/z/bar/baz
          /a/{x}/c | /a/p%20q%2Fr+/c | /a/{x}/c | x=p q/r+
          /a/{x=p/*/q/*}/c | /a/p/f%20g/q/h%2Fi/c | /a/{x=p/*/q/*}/c | x=p/f g/q/h%2Fi
          WILD | /wildcard/%2f%23/%20%2523 | /wildcard/{arg=**} | arg=%2f%23/ %23
          VERBS | /person:verb | /{x=**}:verb | x=person
          VERBS | /person/jason:verb | /{x=**}:verb | x=person/jason
          VERBS | /animal | - |
          VERBS | /person:other | - |
          VERBS | /person/jason:other | /person/{id=*} | id=jason:other
          /foo/{a=*} | /foo/other:verb | /foo/{a=*} | a=other:verb
          /{a=*}/{b=*}:verb | /some:verb/const:verb | /{a=*}/{b=*}:verb | a=some:verb;b=const
          /some/*:verb | /some/other:verb/ | - |
          WILD | /wildcard/random:unknown | /wildcard/{arg=**} | arg=random:unknown
          WILD | /wildcard/random:verb | - |
          /prefix/middle/suffix | /prefix/middle | - |
          /prefix/middle/suffix | /prefix/middle/suffix/other | - |
          /v1/files/{path=**} /v1/files | /v1/files | /v1/files |
          /a/**/x | /a/x | - |
          """)
  void findsTheTemplateAndItsValues(
      String templates, String path, String match, @Nullable String values) {
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    for (var template : SETS.getOrDefault(templates, templates).split(" ")) {
      trie.add("GET", Template.parse(template), template);
    }

    assertThat(trie.find("GET", path))
        .isEqualTo(
            match.equals("-") ? new Lookup.Nothing<>() : new Lookup.Found<>(match, parsed(values)));
  }

  private static Map<String, String> parsed(@Nullable String values) {
    return values == null
        ? Map.of()
        : Stream.of(values.split(";"))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void reservedLettersAreDecodedInOneSegmentOnly() {
    var escaped = "%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D";
    var trie = new RouteTrie<String>(Unescape.UNRESERVED);
    trie.add("GET", Template.parse("/a/{x=*}/{y=**}/c"), "it");

    assertThat(trie.find("GET", "/a/" + escaped + "/" + escaped + "/c"))
        .isEqualTo(new Lookup.Found<>("it", Map.of("x", "!#$&'()*+,/:;=?@[]", "y", escaped)));
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
