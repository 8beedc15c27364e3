package dev.agentserver.kit.grpc;

import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The test's service. Every unary method does the same; a test replaces what it is about.
final class Echo implements BindableService {
  Function<EchoRequest, EchoReply> unary = request -> reply(request.getText(), 0);
  BiConsumer<EchoRequest, Sender<EchoReply>> count =
      (request, sender) -> {
        for (var number = 0; number < request.getTimes(); number++) {
          sender.send(reply(request.getText(), number));
        }
      };
  Function<Receiver<EchoRequest>, EchoReply> collect = Echo::collected;
  BiConsumer<Receiver<EchoRequest>, Sender<EchoReply>> chat =
      (receiver, sender) -> {
        for (var next = receiver.next(); next.isPresent(); next = receiver.next()) {
          sender.send(reply(next.get().getText(), 0));
        }
      };

  static EchoReply reply(String text, int number) {
    return EchoReply.newBuilder().setText(text).setNumber(number).build();
  }

  private static EchoReply collected(Receiver<EchoRequest> receiver) {
    var text = new StringBuilder();
    var number = 0;
    for (Optional<EchoRequest> next = receiver.next(); next.isPresent(); next = receiver.next()) {
      text.append(next.get().getText());
      number++;
    }
    return reply(text.toString(), number);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(EchoServiceGrpc.getServiceDescriptor())
        .unary(EchoServiceGrpc.getEchoMethod(), request -> unary.apply(request))
        .unary(EchoServiceGrpc.getEchoAuthenticatedMethod(), request -> unary.apply(request))
        .unary(EchoServiceGrpc.getEchoPublicMethod(), request -> unary.apply(request))
        .unary(EchoServiceGrpc.getEchoInternalMethod(), request -> unary.apply(request))
        .unary(EchoServiceGrpc.getEchoLaterMethod(), request -> unary.apply(request))
        .serverStream(
            EchoServiceGrpc.getCountMethod(), (request, sender) -> count.accept(request, sender))
        .clientStream(EchoServiceGrpc.getCollectMethod(), receiver -> collect.apply(receiver))
        .bidiStream(
            EchoServiceGrpc.getChatMethod(), (receiver, sender) -> chat.accept(receiver, sender))
        .build();
  }
}
