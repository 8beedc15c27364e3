package dev.agentserver.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.index.Words;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnippetTest {
  @Test
  void english() {
    assertThat(marked("The quick brown fox", "QUICK fox")).isEqualTo("The [quick] brown [fox]");
    assertThat(marked("in the end, the end", "\"the end\"")).isEqualTo("in [the end], [the end]");
    assertThat(marked("the end of the ends", "end*")).isEqualTo("the [end] of the [ends]");
    assertThat(marked("<b>bold</b> &amp;", "bold")).isEqualTo("<b>[bold]</b> &amp;");
  }

  @Test
  void german() {
    assertThat(marked("Über die Straße", "strasse uber")).isEqualTo("[Über] die [Straße]");
    assertThat(marked("Die STRASSEN", "straße*")).isEqualTo("Die [STRASSEN]");
  }

  @Test
  void chinese() {
    assertThat(marked("我住在东京都附近。", "东京都")).isEqualTo("我住在[东京都]附近。");
    assertThat(marked("我住在东京都附近。", "京")).isEqualTo("我住在东[京]都附近。");
    assertThat(marked("我住在东京都附近，𠮷野家", "近 野家")).isEqualTo("我住在东京都附[近]，𠮷[野家]");
    assertThat(marked("京东 和 东京", "东京")).isEqualTo("京东 和 [东京]");
  }

  @Test
  void thai() {
    assertThat(marked("ฉันกินข้าวแล้ว", "ข้าว")).isEqualTo("ฉันกิน[ข้าว]แล้ว");
  }

  @Test
  void aLongTextIsCutAroundTheFirstThingAtWords() {
    var filler = "lorem ipsum dolor ".repeat(40);
    var snippet = marked(filler + "needle\n\nand more " + filler, "needle");
    assertThat(snippet).startsWith("…").endsWith("…").contains(" [needle]  and more ");
    assertThat(snippet).startsWith("…lorem ipsum dolor lorem");
    var chinese = marked("汉".repeat(500) + "针" + "字".repeat(500), "针");
    assertThat(chinese).matches("…汉{60}\\[针]字{179}…");
    assertThat(marked("nothing here", "elsewhere")).isEqualTo("nothing here");
  }

  @Test
  void offsetsCountCodePoints() {
    var snippet = Snippet.of("👍👍 done", Query.of("done"));
    assertThat(snippet.highlights()).isEqualTo(List.of(new Snippet.Range(3, 7)));
  }

  private static String marked(String text, String query) {
    var snippet = Snippet.of(Words.normal(text), Query.of(query));
    var points = snippet.text().codePoints().toArray();
    var marked = new StringBuilder();
    for (var i = 0; i <= points.length; i++) {
      var at = i;
      if (snippet.highlights().stream().anyMatch(range -> range.end() == at)) {
        marked.append(']');
      }
      if (snippet.highlights().stream().anyMatch(range -> range.start() == at)) {
        marked.append('[');
      }
      if (i < points.length) {
        marked.appendCodePoint(points[i]);
      }
    }
    return marked.toString();
  }
}
