package dev.agentserver.json.test;

import com.google.protobuf.Any;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesResponse;
import dev.agentserver.conversation.v1.Message;
import java.util.List;

/// Types that the gateway prints all day, and types with a JSON of their own.
public final class OurTypes {
  public static final List<Descriptor> ALL =
      List.of(
          Conversation.getDescriptor(),
          CreateMessageRequest.getDescriptor(),
          ListMessagesResponse.getDescriptor(),
          Message.getDescriptor(),
          ConversationEvent.getDescriptor());

  public static final List<Descriptor> WELL_KNOWN =
      List.of(
          Any.getDescriptor(),
          BytesValue.getDescriptor(),
          DoubleValue.getDescriptor(),
          Duration.getDescriptor(),
          FieldMask.getDescriptor(),
          Int64Value.getDescriptor(),
          ListValue.getDescriptor(),
          StringValue.getDescriptor(),
          Struct.getDescriptor(),
          Timestamp.getDescriptor(),
          Value.getDescriptor());

  private OurTypes() {}
}
