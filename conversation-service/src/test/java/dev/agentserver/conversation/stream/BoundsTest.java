package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BoundsTest extends ServiceTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void aMessageThatWouldBeTooLargeStaysAsItIs() {
    var writer = Writer.begin(alice, conversation(alice));
    var piece = "é".repeat(MEBIBYTE / 2);
    for (var i = 0; i < 3; i++) {
      writer.text(i * piece.length(), piece);
    }
    var length = 3 * piece.length();
    writer.text(length, piece.substring(1));
    length += piece.length() - 1;
    var end = length;
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_LARGE", () -> writer.text(end, piece))
        .containsEntry("limit_bytes", Integer.toString(4 * MEBIBYTE));
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_LARGE", () -> writer.text(end, "éx"));
    assertThat(writer.text(end, "é").getPartLengthsList()).containsExactly(end + 1);
    assertThat(writer.complete().getContent()).hasSize(end + 1);
  }

  @Test
  void aPieceHoldsAMebibyteAtMost() {
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> writer.text(0, "x".repeat(MEBIBYTE + 1)))
        .field("deltas[0].text");
  }

  @Test
  void aMessageHasUpToTwoHundredAndFiftySixParts() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    var deltas = new ArrayList<Delta.Builder>();
    for (var part = 0; part < 256; part++) {
      deltas.add(delta(part, 0, "p" + part).setDone(part % 2 == 0));
    }
    assertThat(writer.append(deltas.toArray(Delta.Builder[]::new)).getPartLengthsList())
        .hasSize(256);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> writer.append(delta(256, 0, "too many")))
        .field("deltas[0].part");
    var whole = writer.complete();
    assertThat(whole.getPartsCount()).isEqualTo(256);
    new NaiveReader(0).apply(Polling.all(alice, conversation.getId(), 0, 100)).hasRead(whole);
  }

  @Test
  void aPartThatLeavesOneOutIsAGap() {
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
            Code.FAILED_PRECONDITION, "APPEND_GAP", () -> writer.append(delta(1, 0, "second")))
        .containsEntry("part", "0")
        .containsEntry("expected_offset", "0");
    assertProblem(
        Code.FAILED_PRECONDITION, "APPEND_GAP", () -> writer.append(delta(0, 1, "later")));
  }

  @Test
  void oneBadPieceRefusesItsWholeRequest() {
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
        Code.FAILED_PRECONDITION,
        "APPEND_GAP",
        () -> writer.append(delta(0, 0, "good"), delta(0, 5, "bad")));
    assertThat(writer.get().getPartsList()).isEmpty();
  }

  @Test
  void aNulIsReplacedAndCounts() {
    var writer = Writer.begin(alice, conversation(alice));
    assertThat(writer.text(0, "a\0b").getPartLengthsList()).containsExactly(3);
    assertThat(writer.text(1, "\0b\0").getPartLengthsList()).containsExactly(4);
    assertThat(writer.complete().getContent()).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void offsetsCountCodePointsAlsoInsideWhatLooksLikeOneCharacter() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    var family = "👨‍👩‍👧";
    var accented = "e\u0301";
    assertThat(writer.text(0, family).getPartLengthsList()).containsExactly(5);
    assertThat(writer.text(2, "👩‍👧" + accented).getPartLengthsList()).containsExactly(7);
    assertThat(writer.text(6, "\u0301!🇩").getPartLengthsList()).containsExactly(9);
    assertThat(writer.text(8, "🇩🇪").getPartLengthsList()).containsExactly(10);
    var whole = writer.complete();
    assertThat(whole.getContent()).isEqualTo(family + accented + "!🇩🇪");
    new NaiveReader(0).apply(Polling.all(alice, conversation.getId(), 0, 0)).hasRead(whole);
  }

  @Test
  void aPartThatGrowsBeginsEmpty() {
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                writer.append(
                    delta(0, 0, "").setStart(Part.newBuilder().setText("already something"))))
        .field("deltas[0].start.text");
  }

  @Test
  void aToolCallWithItsInputIsWholeAtOnce() {
    var writer = Writer.begin(alice, conversation(alice));
    var input = Struct.newBuilder().putFields("q", Value.newBuilder().setStringValue("x").build());
    var call = ToolCallPart.newBuilder().setId("c").setName("search").setInput(input);
    var whole = delta(0, 0, "").setStart(Part.newBuilder().setToolCall(call)).setDone(true);
    assertThat(writer.append(whole).getPartLengthsList()).containsExactly(0);
    assertThat(writer.append(whole).getPartLengthsList()).containsExactly(0);
    assertProblem(Code.FAILED_PRECONDITION, "PART_DONE", () -> writer.append(delta(0, 0, "{}")));
    assertThat(writer.complete().getParts(0).getToolCall().getInput()).isEqualTo(input.build());
  }

  @Test
  void aSignatureMayBeLong() {
    var writer = Writer.begin(alice, conversation(alice));
    var signature = "s".repeat(65_536);
    writer.append(
        delta(0, 0, "thought")
            .setStart(Part.newBuilder().setReasoning(ReasoningPart.getDefaultInstance()))
            .setDone(true)
            .setSignature(signature));
    assertThat(writer.complete().getParts(0).getReasoning().getSignature()).isEqualTo(signature);
  }

  @Test
  void onlyWhoMayWriteWrites() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    var viewer = service.person(TENANT, "MEMBER");
    service.join(conversation.getId(), TENANT, viewer, "VIEWER");
    var editor = service.person(TENANT, "MEMBER");
    service.join(conversation.getId(), TENANT, editor, "EDITOR");
    assertRefused(writer, viewer, Code.PERMISSION_DENIED, "PERMISSION_DENIED");
    assertRefused(writer, bob, Code.NOT_FOUND, "NOT_FOUND");
    var foreigner = service.person(UUID.randomUUID(), "MEMBER");
    assertRefused(writer, foreigner, Code.NOT_FOUND, "NOT_FOUND");

    assertThat(new Writer(editor, writer.stream()).text(0, "ours").getPartLengthsList())
        .containsExactly(4);
    assertThat(new Writer(editor, writer.stream()).stop().getContent()).isEqualTo("ours");
  }

  private static void assertRefused(Writer writer, Person person, Code code, String reason) {
    var other = new Writer(person, writer.stream());
    assertProblem(code, reason, () -> other.text(0, "no"));
    assertProblem(code, reason, other::complete);
    assertProblem(code, reason, other::stop);
    assertProblem(code, reason, () -> Writer.takeOver(person, writer.messageId()));
    try (var dialogue = Dialogue.resume(person, writer.stream())) {
      assertProblem(code, reason, dialogue::next);
    }
  }

  @Test
  void aWriteOfItsOwnNamesItsMessageAndItsWriter() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.streams().appendMessage(AppendMessageRequest.getDefaultInstance()))
        .field("message_id");
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                alice
                    .streams()
                    .appendMessage(
                        AppendMessageRequest.newBuilder().setMessageId(writer.messageId()).build()))
        .field("writer_epoch");
  }

  private static Delta.Builder delta(int part, int offset, String text) {
    return Delta.newBuilder().setPart(part).setOffset(offset).setText(text);
  }
}
