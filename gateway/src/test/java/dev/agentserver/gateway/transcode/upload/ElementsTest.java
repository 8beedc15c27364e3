package dev.agentserver.gateway.transcode.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies cut into elements, whatever pieces they come in.
class ElementsTest {
  private static final int LIMIT = 64;

  /// Feeds a body in pieces of a size; 0: all at once.
  private static List<String> cut(Elements elements, String body, int size) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var found = new ArrayList<String>();
    int step = size == 0 ? Math.max(1, bytes.length) : size;
    for (int at = 0; at < bytes.length; at += step) {
      elements.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
      take(elements, found);
    }
    elements.finish();
    take(elements, found);
    return found;
  }

  private static void take(Elements elements, List<String> found) {
    for (var next = elements.next(); next != null; next = elements.next()) {
      found.add(new String(next, StandardCharsets.UTF_8));
    }
  }

  private static List<String> array(String body, int size) {
    return cut(new ArrayElements(LIMIT), body, size);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7})
  void anArrayIsCutBetweenItsElements(int size) {
    assertThat(array("[]", size)).isEmpty();
    assertThat(array(" \t\r\n[ \n] ", size)).isEmpty();
    assertThat(array("[{}]", size)).containsExactly("{}");
    assertThat(array("[ {\"a\" : [1, {\"b\":2}]} ,\n\"x,]\" , 1.5e3,null , [[],[{}]] ]", size))
        .containsExactly("{\"a\" : [1, {\"b\":2}]}", "\"x,]\"", "1.5e3", "null", "[[],[{}]]");
    assertThat(array("[{\"t\":\"}]\\\\\\\"[{\"},\"\\\\\"]", size))
        .containsExactly("{\"t\":\"}]\\\\\\\"[{\"}", "\"\\\\\"");
    assertThat(array("[\"\u00fc\u4f60\ud83d\ude00\"]", size)).containsExactly("\"ü你😀\"");
    assertThat(array("[true]", size)).containsExactly("true");
  }

  @Test
  void anElementIsThereWithItsLastByte() {
    var elements = new ArrayElements(LIMIT);
    elements.feed(new byte[] {'[', '{', '"', 'a', '"', ':', '1'});
    assertThat(elements.next()).isNull();
    elements.feed(new byte[] {'}'});
    assertThat(elements.next()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
    assertThat(elements.next()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\":\"1\"}|is not a JSON array",
        "\"text\"|is not a JSON array",
        "`   `|is not a JSON array",
        "[{}{}]|has no comma",
        "[1 2]|has no comma",
        "[\"a\"\"b\"]|has no comma",
        "[1}|has no comma",
        "[,]|has no element",
        "[{},]|has no element",
        "[}|has no element",
        "[:1]|has no element",
        "[{}]]|goes on after",
        "[] []|goes on after",
        "[|ends inside",
        "[{|ends inside",
        "[{}|ends inside",
        "[{},|ends inside",
        "[\"a|ends inside",
        "[1|ends inside"
      })
  void whatIsNoArrayIsRefused(String body, String why) {
    for (int size : new int[] {0, 1}) {
      assertThatThrownBy(() -> array(body, size))
          .isInstanceOf(Fault.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  void aCommaMayFollowTheLastElementWhereItIsMeantTo() {
    assertThat(cut(new ArrayElements(LIMIT, true), "[{}, ]", 1)).containsExactly("{}");
    assertThatThrownBy(() -> cut(new ArrayElements(LIMIT, true), "[,]", 1))
        .hasMessageContaining("has no element");
  }

  @Test
  void noBodyIsNoElements() {
    assertThat(array("", 0)).isEmpty();
    assertThat(cut(new LineElements(LIMIT), "", 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 10})
  void anElementHasALimitAndTheArrayHasNone(int size) {
    var text = "\"" + "x".repeat(LIMIT - 2) + "\"";
    var many = "[" + (text + ",").repeat(100) + text + "]";
    assertThat(array(many, size)).hasSize(101);
    assertThat(cut(new LineElements(LIMIT), (text + "\n").repeat(100), size)).hasSize(100);

    var large = "\"" + "x".repeat(LIMIT - 1) + "\"";
    assertThatThrownBy(() -> array("[" + large, size))
        .hasMessageContaining("larger than the 64 bytes");
    assertThatThrownBy(() -> cut(new LineElements(LIMIT), large, size))
        .hasMessageContaining("larger than the 64 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void linesAreElements(int size) {
    assertThat(cut(new LineElements(LIMIT), "{}\n\r\n  \n{\"a\":1}\r\n[2]", size))
        .containsExactly("{}", "{\"a\":1}\r", "[2]");
    assertThat(cut(new LineElements(LIMIT), "{}\n", size)).containsExactly("{}");
  }

  @Test
  void bytesAreTakenAsTheyComeAndLargePiecesAreCut() {
    assertThat(cut(new RawElements(LIMIT), "first last", 6)).containsExactly("first ", "last");
    assertThat(cut(new RawElements(LIMIT), "x".repeat(70), 0))
        .extracting(String::length)
        .containsExactly(32, 32, 6);
    assertThat(cut(new RawElements(LIMIT), "", 0)).containsExactly("");
  }

  /// Any array, printed in any way and cut anywhere, gives its elements.
  @Test
  void anythingIsCutRight() {
    var random = new Random(42);
    for (int i = 0; i < 5_000; i++) {
      var elements = new ArrayList<String>();
      for (int n = random.nextInt(5); n > 0; n--) {
        elements.add(value(random, 3));
      }
      var blank = " \t\n\r".substring(0, random.nextInt(5));
      var body = blank + "[" + String.join(blank + "," + blank, elements) + blank + "]" + blank;
      assertThat(cut(new ArrayElements(4096), body, 1 + random.nextInt(9)))
          .as(body)
          .isEqualTo(elements);
    }
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 -> "\"" + "\\\"[]{},:\\\\é".substring(0, 2 * random.nextInt(2)) + "]\"";
      case 2 -> "true";
      case 3 -> "\"\\\\\"";
      case 4 -> "[" + value(random, depth - 1) + ", " + value(random, depth - 1) + "]";
      default -> "{\"k\" :" + value(random, depth - 1) + "}";
    };
  }
}
