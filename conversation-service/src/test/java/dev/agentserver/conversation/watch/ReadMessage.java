package dev.agentserver.conversation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A message as a [NaiveReader] has put it together.
final class ReadMessage {
  private final List<Piece> pieces = new ArrayList<>();
  private Message.State state;

  /// A part, and the text of it so far.
  private static final class Piece {
    private final Part start;
    private final StringBuilder text = new StringBuilder();
    private String signature;

    private Piece(Part start) {
      this.start = start;
      this.signature = start.getReasoning().getSignature();
      text.append(
          switch (start.getKindCase()) {
            case TEXT -> start.getText();
            case REASONING -> start.getReasoning().getText();
            case TOOL_CALL -> start.getToolCall().getInputText();
            case TOOL_RESULT, FILE, DATA, KIND_NOT_SET -> "";
          });
    }

    private int length() {
      return text.codePointCount(0, text.length());
    }
  }

  ReadMessage(Message message) {
    state = message.getState();
    message.getPartsList().forEach(part -> pieces.add(new Piece(part)));
  }

  void start(int part, Part start) {
    assertThat(part).as("place of a new part").isEqualTo(pieces.size());
    pieces.add(new Piece(start));
  }

  void grow(int part, int offset, String text) {
    var piece = piece(part);
    assertThat(offset).as("offset of a delta").isEqualTo(piece.length());
    piece.text.append(text);
  }

  void done(int part, int length, String signature) {
    var piece = piece(part);
    assertThat(piece.length()).as("length of a part that is done").isEqualTo(length);
    if (!signature.isEmpty()) {
      piece.signature = signature;
    }
  }

  private Piece piece(int part) {
    assertThat(part).as("place of a part").isLessThan(pieces.size());
    return pieces.get(part);
  }

  void state(Message.State now) {
    state = now;
  }

  void delete() {
    pieces.clear();
    state = Message.State.STATE_REDACTED;
  }

  void ended(List<Integer> lengths) {
    assertThat(pieces.stream().map(Piece::length).toList()).isEqualTo(lengths);
  }

  String content() {
    return pieces.stream()
        .filter(piece -> piece.start.hasText())
        .map(piece -> piece.text.toString())
        .collect(Collectors.joining("\n\n"));
  }

  void is(Message actual) {
    assertThat(content()).as("content of %s", actual.getId()).isEqualTo(actual.getContent());
    assertThat(state).isEqualTo(actual.getState());
    assertThat(pieces).hasSize(actual.getPartsCount());
    for (var i = 0; i < pieces.size(); i++) {
      assertThat(part(pieces.get(i), actual.getParts(i))).isEqualTo(actual.getParts(i));
    }
  }

  private static Part part(Piece piece, Part actual) {
    var part = piece.start.toBuilder();
    var text = piece.text.toString();
    switch (piece.start.getKindCase()) {
      case TEXT -> part.setText(text);
      case REASONING -> part.getReasoningBuilder().setText(text).setSignature(piece.signature);
      case TOOL_CALL -> {
        if (actual.getToolCall().hasInput() && !piece.start.getToolCall().hasInput()) {
          part.getToolCallBuilder().clearInputText().setInput(struct(text));
        } else {
          part.getToolCallBuilder().setInputText(text);
        }
      }
      case TOOL_RESULT, FILE, DATA, KIND_NOT_SET -> {
        // Whole from the beginning.
      }
    }
    return part.build();
  }

  private static Struct struct(String json) {
    try {
      var struct = Struct.newBuilder();
      JsonFormat.parser().merge(json, struct);
      return struct.build();
    } catch (InvalidProtocolBufferException broken) {
      throw new AssertionError(json, broken);
    }
  }
}
