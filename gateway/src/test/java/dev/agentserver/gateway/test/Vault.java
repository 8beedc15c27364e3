package dev.agentserver.gateway.test;

import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.VaultServiceGrpc;
import io.grpc.stub.StreamObserver;

/// Answers with what it is sent.
final class Vault extends VaultServiceGrpc.VaultServiceImplBase {
  private final Recorder recorder;

  Vault(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void open(Chunk request, StreamObserver<Chunk> observer) {
    recorder.received(request);
    observer.onNext(request);
    observer.onCompleted();
  }
}
