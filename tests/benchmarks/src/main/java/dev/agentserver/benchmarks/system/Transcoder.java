package dev.agentserver.benchmarks.system;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/// What Armeria has of its own, in front of a service: JSON by its transcoder, where a method is
/// unary, and gRPC-Web. Whatever a method is called with goes on to the service.
public final class Transcoder {
  private Transcoder() {}

  /// Starts one in a process of its own.
  public static Child start(Path work, URI service) {
    return Child.java(
        work.resolve("transcoder.log"),
        System.getProperty("java.class.path"),
        Transcoder.class.getName(),
        service.toString());
  }

  public static void main(String[] arguments) {
    var channel = Account.channel(URI.create(arguments[0]));
    var service =
        GrpcService.builder()
            .addService(forward(MessageServiceGrpc.getServiceDescriptor(), channel))
            .addService(forward(ConversationEventServiceGrpc.getServiceDescriptor(), channel))
            .enableHttpJsonTranscoding(true)
            .build();
    var server =
        Server.builder()
            .http(new InetSocketAddress("127.0.0.1", 0))
            .requestTimeoutMillis(0)
            .service(service)
            .build();
    server.start().join();
    System.out.println("ready http://127.0.0.1:" + server.activeLocalPort());
  }

  private static ServerServiceDefinition forward(ServiceDescriptor service, Channel channel) {
    var definition = ServerServiceDefinition.builder(service);
    service.getMethods().forEach(method -> add(definition, method, channel));
    return definition.build();
  }

  private static <Q, R> void add(
      ServerServiceDefinition.Builder definition, MethodDescriptor<Q, R> method, Channel channel) {
    definition.addMethod(method, handler(method, channel));
  }

  private static <Q, R> ServerCallHandler<Q, R> handler(
      MethodDescriptor<Q, R> method, Channel channel) {
    if (method.getType() == MethodDescriptor.MethodType.UNARY) {
      return ServerCalls.asyncUnaryCall(
          (request, reply) ->
              ClientCalls.asyncUnaryCall(
                  channel.newCall(method, CallOptions.DEFAULT), request, reply));
    }
    return ServerCalls.asyncServerStreamingCall(
        (request, replies) ->
            ClientCalls.asyncServerStreamingCall(
                channel.newCall(method, CallOptions.DEFAULT), request, replies));
  }
}
