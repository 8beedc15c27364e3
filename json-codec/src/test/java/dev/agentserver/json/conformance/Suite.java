package dev.agentserver.json.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.conformance.Conformance.ConformanceRequest;
import com.google.protobuf.conformance.Conformance.ConformanceResponse;
import com.google.protobuf.conformance.Conformance.FailureSet;
import com.google.protobuf.conformance.Conformance.TestCategory;
import com.google.protobuf.conformance.Conformance.WireFormat;
import com.google.protobuf_test_messages.edition2023.TestAllTypesEdition2023;
import com.google.protobuf_test_messages.edition2023.TestMessagesEdition2023;
import com.google.protobuf_test_messages.proto2.TestMessagesProto2;
import com.google.protobuf_test_messages.proto3.TestMessagesProto3;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonException;
import dev.agentserver.json.JsonOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Answers the requests of the conformance suite: JSON by the codec, everything else by protobuf.
public final class Suite {
  /// What requests are about.
  public static final List<Message> PROTOTYPES =
      List.of(
          TestMessagesProto3.TestAllTypesProto3.getDefaultInstance(),
          TestMessagesProto2.TestAllTypesProto2.getDefaultInstance(),
          TestAllTypesEdition2023.getDefaultInstance(),
          com.google.protobuf_test_messages.editions.proto3.TestMessagesProto3Editions
              .TestAllTypesProto3.getDefaultInstance(),
          com.google.protobuf_test_messages.editions.proto2.TestMessagesProto2Editions
              .TestAllTypesProto2.getDefaultInstance());

  public static final List<Descriptor> TYPES =
      PROTOTYPES.stream().map(Message::getDescriptorForType).toList();

  public static final TypeRegistry REGISTRY =
      TypeRegistry.newBuilder().add(TYPES).add(FailureSet.getDescriptor()).build();
  public static final ExtensionRegistry EXTENSIONS = extensions();

  private static final JsonCodec CODEC = new JsonCodec(REGISTRY, EXTENSIONS, JsonOptions.STANDARD);
  private static final JsonCodec LENIENT =
      new JsonCodec(REGISTRY, EXTENSIONS, JsonOptions.STANDARD.ignoringUnknown());

  private Suite() {}

  private static ExtensionRegistry extensions() {
    var registry = ExtensionRegistry.newInstance();
    TestMessagesProto2.registerAllExtensions(registry);
    TestMessagesEdition2023.registerAllExtensions(registry);
    com.google.protobuf_test_messages.editions.proto2.TestMessagesProto2Editions
        .registerAllExtensions(registry);
    return registry.getUnmodifiable();
  }

  /// Answers a request.
  public static ConformanceResponse answer(ConformanceRequest request) {
    var response = ConformanceResponse.newBuilder();
    if (request.getMessageType().equals(FailureSet.getDescriptor().getFullName())) {
      return response.setProtobufPayload(ByteString.EMPTY).build();
    }
    return switch (request.getPayloadCase()) {
      case PROTOBUF_PAYLOAD -> fromWire(request, request.getProtobufPayload().toByteArray());
      case JSON_PAYLOAD -> fromJson(request);
      case TEXT_PAYLOAD, JSPB_PAYLOAD, PAYLOAD_NOT_SET ->
          response.setSkipped("neither protobuf nor JSON").build();
    };
  }

  private static ConformanceResponse fromJson(ConformanceRequest request) {
    var codec =
        request.getTestCategory() == TestCategory.JSON_IGNORE_UNKNOWN_PARSING_TEST
            ? LENIENT
            : CODEC;
    try {
      var json = request.getJsonPayloadBytes().toByteArray();
      return write(request, codec.read(type(request), json).wire());
    } catch (JsonException wrong) {
      return parseError(wrong.place() + " " + wrong.getMessage());
    }
  }

  private static ConformanceResponse parseError(String message) {
    return ConformanceResponse.newBuilder().setParseError(message).build();
  }

  private static ConformanceResponse fromWire(ConformanceRequest request, byte[] wire) {
    try {
      var message =
          DynamicMessage.newBuilder(type(request))
              .mergeFrom(CodedInputStream.newInstance(wire), EXTENSIONS)
              .buildPartial();
      return request.getRequestedOutputFormat() == WireFormat.PROTOBUF
          ? write(request, message.toByteArray())
          : write(request, wire);
    } catch (InvalidProtocolBufferException damaged) {
      return parseError(String.valueOf(damaged.getMessage()));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static ConformanceResponse write(ConformanceRequest request, byte[] wire) {
    var response = ConformanceResponse.newBuilder();
    try {
      return switch (request.getRequestedOutputFormat()) {
        case PROTOBUF -> response.setProtobufPayload(ByteString.copyFrom(wire)).build();
        case JSON ->
            response
                .setJsonPayload(
                    new String(CODEC.print(type(request), wire), StandardCharsets.UTF_8))
                .build();
        case TEXT_FORMAT, JSPB, UNSPECIFIED, UNRECOGNIZED ->
            response.setSkipped("neither protobuf nor JSON").build();
      };
    } catch (UncheckedIOException unprintable) {
      return response.setSerializeError(String.valueOf(unprintable.getMessage())).build();
    }
  }

  private static Descriptor type(ConformanceRequest request) {
    return Objects.requireNonNull(
        REGISTRY.find(request.getMessageType()), request.getMessageType());
  }
}
