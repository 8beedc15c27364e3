package dev.agentserver.settings.flag.flagd;

import com.google.protobuf.Struct;
import dev.agentserver.flagd.evaluation.v2.EventStreamRequest;
import dev.agentserver.flagd.evaluation.v2.EventStreamResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveFloatRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveFloatResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveIntRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveIntResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveObjectRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveObjectResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveStringRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveStringResponse;
import dev.agentserver.flagd.evaluation.v2.ServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.settings.flag.rule.Kind;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.serve.ServedFlags;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;

/// flagd.evaluation.v2: translation between the contract and [ServedFlags].
public final class FlagdV2Rpc implements BindableService {
  private final ServedFlags flags;

  public FlagdV2Rpc(ServedFlags flags) {
    this.flags = flags;
  }

  @Override
  public ServerServiceDefinition bindService() {
    var service =
        Rpc.service(ServiceGrpc.getServiceDescriptor())
            .unary(ServiceGrpc.getResolveBooleanMethod(), this::booleanFlag)
            .unary(ServiceGrpc.getResolveStringMethod(), this::stringFlag)
            .unary(ServiceGrpc.getResolveFloatMethod(), this::floatFlag)
            .unary(ServiceGrpc.getResolveIntMethod(), this::intFlag)
            .unary(ServiceGrpc.getResolveObjectMethod(), this::objectFlag)
            .serverStream(ServiceGrpc.getEventStreamMethod(), this::events)
            .build();
    return ServerInterceptors.intercept(service, new SelectorRpc());
  }

  private ResolveBooleanResponse booleanFlag(ResolveBooleanRequest request) {
    var found = resolve(request.getFlagKey(), request.getContext(), Kind.BOOLEAN);
    var response =
        ResolveBooleanResponse.newBuilder()
            .setReason(found.reason().name())
            .setMetadata(FlagdProto.metadata(found));
    found.variant().ifPresent(response::setVariant);
    if (found.hasValue()) {
      response.setValue(FlagdProto.truth(found));
    }
    return response.build();
  }

  private ResolveStringResponse stringFlag(ResolveStringRequest request) {
    var found = resolve(request.getFlagKey(), request.getContext(), Kind.STRING);
    var response =
        ResolveStringResponse.newBuilder()
            .setReason(found.reason().name())
            .setMetadata(FlagdProto.metadata(found));
    found.variant().ifPresent(response::setVariant);
    if (found.hasValue()) {
      response.setValue(FlagdProto.text(found));
    }
    return response.build();
  }

  private ResolveFloatResponse floatFlag(ResolveFloatRequest request) {
    var found = resolve(request.getFlagKey(), request.getContext(), Kind.FLOAT);
    var response =
        ResolveFloatResponse.newBuilder()
            .setReason(found.reason().name())
            .setMetadata(FlagdProto.metadata(found));
    found.variant().ifPresent(response::setVariant);
    if (found.hasValue()) {
      response.setValue(FlagdProto.number(found));
    }
    return response.build();
  }

  private ResolveIntResponse intFlag(ResolveIntRequest request) {
    var found = resolve(request.getFlagKey(), request.getContext(), Kind.INTEGER);
    var response =
        ResolveIntResponse.newBuilder()
            .setReason(found.reason().name())
            .setMetadata(FlagdProto.metadata(found));
    found.variant().ifPresent(response::setVariant);
    if (found.hasValue()) {
      response.setValue((long) FlagdProto.number(found));
    }
    return response.build();
  }

  private ResolveObjectResponse objectFlag(ResolveObjectRequest request) {
    var found = resolve(request.getFlagKey(), request.getContext(), Kind.OBJECT);
    var response =
        ResolveObjectResponse.newBuilder()
            .setReason(found.reason().name())
            .setMetadata(FlagdProto.metadata(found));
    found.variant().ifPresent(response::setVariant);
    if (found.hasValue()) {
      response.setValue(FlagdProto.object(found));
    }
    return response.build();
  }

  private Resolution resolve(String key, Struct context, Kind kind) {
    return FlagdProto.resolve(flags, Callers.current(), key, context, kind);
  }

  private void events(EventStreamRequest request, Sender<EventStreamResponse> sender) {
    var caller = Callers.current();
    var selector = SelectorRpc.current();
    var seen = flags.of(caller, selector);
    sender.send(event(FlagdProto.READY).build());
    flags.follow(
        caller,
        selector,
        seen,
        changed ->
            sender.send(
                changed.isEmpty()
                    ? event(FlagdProto.ALIVE).build()
                    : event(FlagdProto.CHANGED).setData(FlagdProto.changes(changed)).build()));
  }

  private static EventStreamResponse.Builder event(String type) {
    return EventStreamResponse.newBuilder().setType(type);
  }
}
