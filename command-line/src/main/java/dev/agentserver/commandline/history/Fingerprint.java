package dev.agentserver.commandline.history;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.agentserver.conversation.v1.MessageDraft;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The hash by which a conversation here and there is known to be the same: title, times, metadata
/// of the importer, and every message with its parent, its place among its siblings, and its
/// content. Messages are taken in the order of the tree, so that in which order they were written
/// is of no concern.
public final class Fingerprint {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace().sortingMapKeys();

  private Fingerprint() {}

  /// In hexadecimal digits.
  public static String of(History history) {
    var digest = sha256();
    add(digest, "conversation", history.id().toString(), history.externalId());
    if (!history.metadata().containsKey(Kept.UNTITLED)) {
      add(digest, "title", history.title());
    }
    var timed = !history.metadata().containsKey(Kept.UNTIMED);
    if (timed && history.createdAt() != null) {
      add(digest, history.createdAt().truncatedTo(ChronoUnit.MICROS).toString());
    }
    add(digest, history.model());
    new TreeMap<>(history.metadata())
        .forEach(
            (key, value) -> {
              if (key.startsWith(Kept.PREFIX)) {
                add(digest, key, value);
              }
            });
    for (var turn : inOrderOfTheTree(history.turns())) {
      add(digest, "message", turn.parent() == null ? "" : turn.parent().toString());
      add(digest, json(comparable(turn.draft(), timed)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDraft comparable(MessageDraft draft, boolean timed) {
    if (!timed) {
      return draft.toBuilder().clearCreatedAt().build();
    }
    var micros = Timestamps.toMicros(draft.getCreatedAt());
    return draft.toBuilder().setCreatedAt(Timestamps.fromMicros(micros)).build();
  }

  private static List<Turn> inOrderOfTheTree(List<Turn> turns) {
    Map<@Nullable UUID, List<Turn>> children = new HashMap<>();
    turns.forEach(
        turn -> children.computeIfAbsent(turn.parent(), _ -> new ArrayList<>()).add(turn));
    var ordered = new ArrayList<Turn>(turns.size());
    var next = new ArrayDeque<>(children.getOrDefault(null, List.of()));
    while (!next.isEmpty()) {
      var turn = next.pop();
      ordered.add(turn);
      children.getOrDefault(turn.id(), List.of()).reversed().forEach(next::push);
    }
    return ordered;
  }

  private static void add(MessageDigest digest, String... texts) {
    for (var text : texts) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0); // no text holds one
    }
  }

  private static String json(MessageOrBuilder message) {
    try {
      return JSON.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
