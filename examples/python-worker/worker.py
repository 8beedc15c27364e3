"""A worker in Python, from generated stubs and nothing else: it takes runs from a queue and says again what was said.

It shows the contract of workers in one file. Leases are kept up in the background, steps that are done are passed over, and
what may have been lost on the way is sent again as it was.
"""

import os
import threading
import time
import uuid

import grpc
from agentserver.agentrun.v1 import worker_service_pb2 as work, worker_service_pb2_grpc
from agentserver.conversation.v1 import message_service_pb2, message_service_pb2_grpc
from agentserver.conversation.v1 import stream_service_pb2 as streams, stream_service_pb2_grpc

HEARTBEAT_SECONDS = 10
WAIT_SECONDS = 20


def bearer(credential):
    return (("authorization", "Bearer " + credential),)


def patiently(call, request, credential, attempts=6):
    """Repeats a call while nobody answers; every request here is safe to repeat."""
    for attempt in range(attempts):
        try:
            return call(request, metadata=bearer(credential), timeout=15)
        except grpc.RpcError as failure:
            if failure.code() is not grpc.StatusCode.UNAVAILABLE or attempt == attempts - 1:
                raise
            time.sleep(0.1 * 2**attempt)


class Run:
    """A run that is leased, and what may be done with it."""

    def __init__(self, channel, key, lease):
        self.key, self.lease, self.run = key, lease, lease.run
        self.token = lease.token.token
        self.worker = worker_service_pb2_grpc.WorkerServiceStub(channel)
        self.messages = message_service_pb2_grpc.MessageServiceStub(channel)
        self.streams = stream_service_pb2_grpc.MessageStreamServiceStub(channel)
        self.over = threading.Event()
        threading.Thread(target=self.keep_up, daemon=True).start()

    @property
    def named(self):
        return {"run_id": self.run.id, "lease_epoch": self.lease.lease_epoch}

    def name(self, what):
        return f"{self.run.id}/{self.lease.lease_epoch}/{what}"

    def keep_up(self):
        """Tells that the worker is alive. A token lives for minutes, so it is renewed along the way."""
        beats = 0
        while not self.over.wait(HEARTBEAT_SECONDS):
            try:
                patiently(self.worker.Heartbeat, work.HeartbeatRequest(**self.named), self.key)
                beats += 1
                if beats % 18 == 0:
                    renewal = work.RenewRunTokenRequest(**self.named)
                    self.token = patiently(self.worker.RenewRunToken, renewal, self.key).token
            except grpc.RpcError:
                return  # The lease is lost: the next write is refused and ends the run here.

    def call(self, call, request):
        return patiently(call, request, self.token)

    def step(self, key, do):
        """Does something once: what an earlier attempt has done is answered from what was kept."""
        begun = self.call(self.worker.BeginStep, work.BeginStepRequest(step_key=key, **self.named))
        if begun.decision == work.BeginStepResponse.DECISION_RECORDED:
            return begun.step.output.string_value
        done = work.CompleteStepRequest(step_key=key, **self.named)
        done.output.string_value = do()
        self.call(self.worker.CompleteStep, done)
        return done.output.string_value

    def newest(self):
        """What was said last in the run's conversation."""
        newest = message_service_pb2.ListMessagesRequest.ORDER_NEWEST_FIRST
        asked = message_service_pb2.ListMessagesRequest(
            conversation_id=self.run.conversation_id, order=newest, page_size=1
        )
        said = self.call(self.messages.ListMessages, asked).messages
        return said[0].content if said else ""

    def answer(self, text):
        """Streams a message into the conversation, word by word."""
        begin = streams.BeginMessageRequest(
            conversation_id=self.run.conversation_id,
            run_id=self.run.id,
            request_id=self.name("begin"),
        )
        stream = self.call(self.streams.BeginMessage, begin)
        writer = {"message_id": stream.message.id, "writer_epoch": stream.writer_epoch}
        offset = 0
        for word in text.split(" "):
            piece = word if offset == 0 else " " + word
            append = streams.AppendMessageRequest(**writer)
            append.deltas.add(offset=offset, text=piece)
            self.call(self.streams.AppendMessage, append)
            offset += len(piece)
        self.call(self.streams.CompleteMessage, streams.CompleteMessageRequest(**writer))
        return stream.message.id

    def end(self, message_id):
        done = work.CompleteRunRequest(
            output_message_id=message_id, request_id=self.name("end"), **self.named
        )
        self.call(self.worker.CompleteRun, done)


def echo(run):
    said = run.step("listen", run.newest)
    run.end(run.answer("You said: " + said))


def main():
    channel = grpc.insecure_channel(os.environ.get("TARGET", "127.0.0.1:8080"))
    key = os.environ["API_KEY"]
    stub = worker_service_pb2_grpc.WorkerServiceStub(channel)
    request = work.AcquireRunRequest(queues=os.environ.get("QUEUES", "default").split(","))
    request.wait.seconds = WAIT_SECONDS
    print("ready", flush=True)
    while True:
        request.request_id = str(uuid.uuid4())
        try:
            reply = stub.AcquireRun(request, metadata=bearer(key), timeout=WAIT_SECONDS + 10)
        except grpc.RpcError as failure:
            print("no run can be acquired:", failure.code(), flush=True)
            time.sleep(1)
            continue
        if not reply.HasField("lease"):
            continue
        run = Run(channel, key, reply.lease)
        try:
            echo(run)
        except grpc.RpcError as failure:
            # It is tried again when the lease has ended.
            print("run", run.run.id, "is left:", failure.code(), failure.details(), flush=True)
        finally:
            run.over.set()


if __name__ == "__main__":
    main()
