package dev.agentserver.commandline.source;

import static dev.agentserver.commandline.source.Taken.kept;
import static dev.agentserver.commandline.source.Taken.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.Message.Role;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class TreeSourceTest {
  private static final String GIVEN = "import.trees";

  @Test
  void aTreeIsReadWithItsIdsTextsAndTheOrderOfItsReplies() throws IOException {
    var tree = Taken.of(new TreeSource(Taken.resource("trees.jsonl"))).histories.getFirst();
    assertThat(tree.turns())
        .extracting(turn -> texts(turn).getFirst())
        .containsExactly("Which way?", "Left.", "Why?", "Right.");
    assertThat(tree.turns())
        .extracting(turn -> turn.draft().getRole())
        .containsExactly(Role.user, Role.assistant, Role.user, Role.assistant);
    assertThat(tree.turns().get(3).parent()).isEqualTo(tree.turns().getFirst().id());
    assertThat(tree.turns().get(1).id()).hasToString("fa783ef0-0000-4000-8000-00000000000c");
    assertThat(tree.marks().current()).isEqualTo(tree.turns().get(2).id());
    assertThat(kept(tree.turns().get(1)).at("/emojis/+1").asInt()).isEqualTo(3);
  }

  /// `-Dimport.trees=<file>`
  @Test
  @EnabledIfSystemProperty(named = GIVEN, matches = ".+")
  void theTreesOfAGivenFileAreReadWhole() throws IOException {
    var taken = Taken.of(new TreeSource(Path.of(System.getProperty(GIVEN))));
    assertThat(taken.refused).isEmpty();
    assertThat(taken.histories).isNotEmpty().allSatisfy(tree -> assertThat(tree.notes()).isEmpty());
  }
}
