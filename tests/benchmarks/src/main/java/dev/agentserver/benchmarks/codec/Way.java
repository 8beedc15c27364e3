package dev.agentserver.benchmarks.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.curioswitch.common.protobuf.json.MessageMarshaller;

/// From the wire format to JSON, and back.
public interface Way {
  byte[] print(byte[] wire) throws IOException;

  byte[] read(byte[] json) throws IOException;

  /// Which of them is measured.
  enum Name {
    CODEC {
      @Override
      Way of(Message message) {
        return new Codec(message.getDescriptorForType());
      }
    },
    JSON_FORMAT {
      @Override
      Way of(Message message) {
        return new OverDynamicMessages(message.getDescriptorForType());
      }
    },
    PROTOBUF_JACKSON {
      @Override
      Way of(Message message) {
        return new OverGeneratedMessages(message);
      }
    },
    /// No JSON at all: parsing and serializing a generated message.
    BINARY {
      @Override
      Way of(Message message) {
        return new Binary(message);
      }
    };

    abstract Way of(Message message);
  }

  /// The gateway's.
  record Codec(Descriptor type, JsonCodec codec) implements Way {
    Codec(Descriptor type) {
      this(
          type,
          new JsonCodec(
              TypeRegistry.getEmptyTypeRegistry(), new JsonOptions(true, true, false, true)));
    }

    @Override
    public byte[] print(byte[] wire) {
      return codec.print(type, wire);
    }

    @Override
    public byte[] read(byte[] json) {
      return codec.read(type, json).wire();
    }
  }

  /// What a gateway can do with protobuf's own means.
  record OverDynamicMessages(Descriptor type, JsonFormat.Printer printer) implements Way {
    OverDynamicMessages(Descriptor type) {
      this(
          type,
          JsonFormat.printer()
              .preservingProtoFieldNames()
              .alwaysPrintFieldsWithNoPresence()
              .omittingInsignificantWhitespace());
    }

    @Override
    public byte[] print(byte[] wire) throws IOException {
      return printer.print(DynamicMessage.parseFrom(type, wire)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] read(byte[] json) throws IOException {
      var message = DynamicMessage.newBuilder(type);
      JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), message);
      return message.build().toByteArray();
    }
  }

  /// The fastest library there is; it needs generated classes, which a gateway has not.
  record OverGeneratedMessages(Message prototype, MessageMarshaller marshaller) implements Way {
    OverGeneratedMessages(Message prototype) {
      this(
          prototype,
          MessageMarshaller.builder()
              .register(prototype)
              .preservingProtoFieldNames(true)
              .includingDefaultValueFields(true)
              .omittingInsignificantWhitespace(true)
              .build());
    }

    @Override
    public byte[] print(byte[] wire) throws IOException {
      return marshaller.writeValueAsBytes(prototype.getParserForType().parseFrom(wire));
    }

    @Override
    public byte[] read(byte[] json) throws IOException {
      var message = prototype.newBuilderForType();
      marshaller.mergeValue(json, message);
      return message.build().toByteArray();
    }
  }

  /// The floor.
  record Binary(Message prototype) implements Way {
    @Override
    public byte[] print(byte[] wire) throws IOException {
      return prototype.getParserForType().parseFrom(wire).toByteArray();
    }

    @Override
    public byte[] read(byte[] wire) throws IOException {
      return print(wire);
    }
  }
}
