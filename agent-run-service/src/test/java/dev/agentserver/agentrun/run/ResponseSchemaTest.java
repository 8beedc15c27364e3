package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunInterrupt.Kind;
import dev.agentserver.agentrun.v1.RunLease;
import io.grpc.Status.Code;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Answers are what their question asks for.
class ResponseSchemaTest extends RunTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["place"], "additionalProperties": false,
       "properties": {"place": {"type": "string", "minLength": 2}, "days": {"type": "integer"}}}""";

  @Test
  void anAnswerThatItsSchemaForbidsIsRefusedAndSaysWhere() {
    var lease = begun();
    var asked = ask(lease, Kind.KIND_QUESTION, SCHEMA);
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> answer(asked, true, "{\"place\": 7}"))
        .field("response")
        .says("/place: number found, string expected");
    for (var wrong :
        new String[] {null, "3", "{}", "{\"place\": \"x\"}", "{\"plaice\": \"sea\"}"}) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> answer(asked, true, wrong));
    }
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_REQUIRES_ACTION);
    var good = answer(asked, true, "{\"place\": \"the sea\", \"days\": 3}");
    assertThat(good.getState()).isEqualTo(RunInterrupt.State.STATE_RESOLVED);
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_QUEUED);
  }

  @Test
  void anApprovalThatIsNotGivenNeedsNoAnswer() {
    var lease = begun();
    var asked = ask(lease, Kind.KIND_APPROVAL, SCHEMA);
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> answer(asked, true, null));
    assertThat(answer(asked, false, null).getApproved()).isFalse();
  }

  @Test
  void whatIsNoSchemaIsRefusedAndSaysWhere() {
    var lease = begun();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                ask(
                    lease,
                    Kind.KIND_QUESTION,
                    "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/nothing\"}}}"))
        .field("response_schema")
        .says("/properties/a/$ref: refers to nothing: #/$defs/nothing");
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> ask(lease, Kind.KIND_QUESTION, "{\"type\": \"sentence\"}"));
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_RUNNING);
  }

  private RunInterrupt ask(RunLease lease, Kind kind, String schema) {
    return worker
        .work()
        .requestInterrupt(
            RequestInterruptRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .setKind(kind)
                .setPrompt("where to?")
                .setResponseSchema(parse(schema, Struct.newBuilder()).build())
                .build());
  }

  private RunInterrupt answer(RunInterrupt asked, boolean approved, @Nullable String response) {
    var request =
        ResolveInterruptRequest.newBuilder()
            .setRunId(asked.getRunId())
            .setInterruptId(asked.getId())
            .setApproved(approved);
    if (response != null) {
      request.setResponse(parse(response, Value.newBuilder()));
    }
    return alice.runs().resolveInterrupt(request.build());
  }

  private static <B extends com.google.protobuf.Message.Builder> B parse(String json, B builder) {
    try {
      JsonFormat.parser().merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
