package dev.agentserver.conversation.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void caseAndAccentsAreFolded() {
    assertThat(words("Straße STRASSE")).containsExactly("strasse", "strasse");
    assertThat(words("Über die Brücke")).containsExactly("uber", "die", "brucke");
    assertThat(words("ÉTÉ été e\u0301te\u0301")).containsExactly("ete", "ete", "ete");
    assertThat(words("İstanbul ılık Łódź smørrebrød"))
        .containsExactly("istanbul", "ilik", "lodz", "smorrebrod");
    assertThat(words("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ")).containsExactly("οδυσσευσ", "οδυσσευσ");
    assertThat(words("Ｆｕｌｌ ﬁne")).containsExactly("full", "fine");
    assertThat(words("كَتَبَ שָׁלוֹם")).containsExactly("كتب", "שלום");
  }

  @Test
  void wordsAreCutAtWhatIsNoLetterOrDigit() {
    assertThat(words("don't panic: e-mail me@x.org, 3.14!"))
        .containsExactly("don", "t", "panic", "e", "mail", "me", "x", "org", "3", "14");
    assertThat(words("\u0301 👍 -- ")).isEmpty();
    assertThat(words("soft\u00ADhyphen zero\u200Bwidth"))
        .containsExactly("softhyphen", "zero", "width");
  }

  @Test
  void whatIsWrittenWithoutSpacesIsPairs() {
    assertThat(words("東京都")).containsExactly("東京", "京都", "都");
    assertThat(words("iPhone手机")).containsExactly("iphone", "手机", "机");
    assertThat(words("コーヒー")).containsExactly("コー", "ーヒ", "ヒー", "ー");
    assertThat(words("กินข้าว")).containsExactly("กิ", "ิน", "นข", "ข้", "้า", "าว", "ว");
    assertThat(words("𠮷野家")).containsExactly("𠮷野", "野家", "家");
    assertThat(words("हिन्दी में")).containsExactly("हिन्दी", "में");
  }

  /// A tsvector holds a MiB; here are more different words than fit.
  @Test
  void howeverMuchIsSaidItCanBeIndexed() {
    var text =
        IntStream.range(0, Words.MAX_TEXT)
            .mapToObj(i -> Character.toString(0x4E00 + i * 7919 % 20_000))
            .collect(Collectors.joining());
    var indexed = Indexed.of(UUID.randomUUID(), text);
    assertThat(indexed.any()).isTrue();
    assertThat(Indexed.of(UUID.randomUUID(), "x".repeat(5_000_000)).words())
        .isEqualTo("'" + "x".repeat(64) + "':1 ");
  }

  private static List<String> words(String text) {
    return Words.of(Words.normal(text)).stream().map(Word::text).toList();
  }
}
