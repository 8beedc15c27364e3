package dev.agentserver.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.agentserver.gateway.test.TestContracts;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnswersTest {
  private static final Answers ANSWERS = new Answers(() -> "id-1");

  private static String json(Fault fault) {
    return new String(
        new FaultPrinter(TestContracts.load().types()).print(fault), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNAVAILABLE",
    "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED",
    "CANCELLED, CANCELLED",
    "RESOURCE_EXHAUSTED, TOO_LARGE",
    "UNIMPLEMENTED, UNIMPLEMENTED",
    "INTERNAL, INTERNAL",
    "UNKNOWN, INTERNAL",
    "UNAUTHENTICATED, INTERNAL"
  })
  void whatTheConnectionMadeSaysNothingOfTheInside(Code code, String reason) {
    var end =
        code.toStatus()
            .withDescription("io exception /10.1.2.3:9101")
            .withCause(new IllegalStateException("secret"));

    var fault = ANSWERS.fault(end, new Metadata(), false, "notes");

    assertThat(Details.reason(fault.status())).isEqualTo(reason);
    assertThat(json(fault)).doesNotContain("10.1.2.3").doesNotContain("secret");
  }

  @ParameterizedTest
  @EnumSource(value = Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void whatAServiceSaysIsKept(Code code) {
    var fault =
        ANSWERS.fault(code.toStatus().withDescription("its words"), new Metadata(), true, "notes");

    assertThat(fault.status().getCode()).isEqualTo(code.value());
    assertThat(fault.status().getMessage()).isEqualTo("its words");
    assertThat(fault.http()).isBetween(400, 599);
  }

  @Test
  void detailsThatDoNotFitTheStatusAreNotBelieved() {
    var trailers = new Metadata();
    trailers.put(Answers.DETAILS, Status.newBuilder().setCode(5).build().toByteArray());
    assertThat(ANSWERS.fault(io.grpc.Status.INTERNAL, trailers, true, "n").status().getCode())
        .isEqualTo(13);

    var damaged = new Metadata();
    damaged.put(Answers.DETAILS, new byte[] {(byte) 0xff});
    assertThat(ANSWERS.fault(io.grpc.Status.NOT_FOUND, damaged, true, "n").status().getCode())
        .isEqualTo(5);
  }

  @Test
  void detailsThatCannotBePrintedAreLeftOut() {
    var info = Any.pack(ErrorInfo.newBuilder().setReason("R").build());
    var unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/none.Such").build();
    var status = Status.newBuilder().setCode(5).setMessage("m");

    assertThat(json(Fault.of(status.clone().addDetails(unknown).addDetails(info).build())))
        .contains("ErrorInfo")
        .doesNotContain("none.Such");

    var damaged = info.toBuilder().setValue(ByteString.copyFrom(new byte[] {(byte) 0xff})).build();
    var fault = Fault.of(status.clone().addDetails(damaged).build());
    assertThat(json(fault)).isEqualTo("{\"code\":5,\"message\":\"m\"}");
    assertThat(Details.reason(fault.status())).isEmpty();

    var noUrl = Any.newBuilder().setTypeUrl("nonsense").build();
    assertThat(json(Fault.of(status.clone().addDetails(noUrl).build())))
        .isEqualTo("{\"code\":5,\"message\":\"m\"}");
  }

  @Test
  void aFaultOfOursNamesItsEntryInTheLog() {
    var fault = ANSWERS.internal("something", null);

    assertThat(fault.getMessage()).contains("id-1");
    assertThat(Details.errorInfo(fault.status()).orElseThrow().getMetadataMap())
        .isEqualTo(Map.of("error_id", "id-1"));
  }
}
