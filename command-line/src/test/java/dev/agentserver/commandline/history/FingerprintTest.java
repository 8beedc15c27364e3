package dev.agentserver.commandline.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final UUID ROOT = OldIds.hashed("root");
  private static final UUID LEFT = OldIds.hashed("left");
  private static final UUID RIGHT = OldIds.hashed("right");
  private static final UUID BELOW = OldIds.hashed("below");

  private final Turn root = turn(ROOT, null, "Which way?");
  private final Turn left = turn(LEFT, ROOT, "Left");
  private final Turn right = turn(RIGHT, ROOT, "Right");
  private final Turn below = turn(BELOW, LEFT, "Why?");

  @Test
  void inWhichOrderBranchesWereWrittenIsOfNoConcern() {
    assertThat(of(root, left, below, right)).isEqualTo(of(root, left, right, below));
  }

  @Test
  void theOrderOfSiblingsParentsAndTextsMatter() {
    var whole = of(root, left, right, below);
    assertThat(of(root, right, left, below)).isNotEqualTo(whole);
    assertThat(of(root, left, right, turn(BELOW, RIGHT, "Why?"))).isNotEqualTo(whole);
    assertThat(of(root, left, right, turn(BELOW, LEFT, "why?"))).isNotEqualTo(whole);
    assertThat(of(root, left, right)).isNotEqualTo(whole);
  }

  @Test
  void aTitleThatTheServerMadeIsNotCompared() {
    var untitled = Map.of(Kept.UNTITLED, "true");
    assertThat(of("First words", untitled)).isEqualTo(of("", untitled));
    assertThat(of("One", Map.of())).isNotEqualTo(of("Other", Map.of()));
  }

  @Test
  void onlyTheImportersOwnMetadataIsCompared() {
    assertThat(of("x", Map.of("colour", "red"))).isEqualTo(of("x", Map.of()));
    assertThat(of("x", Map.of(Kept.UPDATED_AT, "now"))).isNotEqualTo(of("x", Map.of()));
  }

  private String of(Turn... turns) {
    return Fingerprint.of(history("x", Map.of(), List.of(turns)));
  }

  private String of(String title, Map<String, String> metadata) {
    return Fingerprint.of(history(title, metadata, List.of(root)));
  }

  private static History history(String title, Map<String, String> metadata, List<Turn> turns) {
    return new History(
        ROOT, "old", null, title, Instant.EPOCH, "", metadata, turns, Marks.NONE, List.of());
  }

  private static Turn turn(UUID id, @Nullable UUID parent, String text) {
    return new Turn(
        parent,
        MessageDraft.newBuilder()
            .setId(id.toString())
            .setRole(Role.user)
            .setCreatedAt(Timestamps.fromSeconds(1))
            .addParts(Part.newBuilder().setText(text))
            .build());
  }
}
