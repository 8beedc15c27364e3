// The cases of gRPC's interoperability tests that a browser's client can do: no uploads, no compression, no credentials.
import { TestService, UnimplementedService } from "../generated/grpc/testing/test_pb.js";

const { emptyCall, unaryCall, streamingOutputCall, unimplementedCall } = TestService.method;
const Code = { OK: 0, CANCELLED: 1, UNKNOWN: 2, INVALID_ARGUMENT: 3, DEADLINE_EXCEEDED: 4, UNIMPLEMENTED: 12 };
const LONG = 60_000_000;

const same = (what, found, expected) => {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: expected ${other}, found ${one}`);
};
const payload = (size) => ({ body: new Uint8Array(size) });
const sizes = ({ messages }) => messages.map((message) => message.payload.body.length);
const stream = (...sizes) => ({ responseParameters: sizes.map((size) => ({ size })) });
/** One message at once, the next in a minute. */
const slow = { responseParameters: [{ size: 10 }, { size: 10, intervalUs: LONG }] };
const failure = (code, message) => ({ responseStatus: { code, message } });

async function echo(call, method, input) {
  const metadata = {
    "x-grpc-test-echo-initial": "test_initial_metadata_value",
    "x-grpc-test-echo-trailing-bin": "q6ur",
  };
  const { code, headers, trailers } = await call(method, input, { metadata });
  same("code", code, Code.OK);
  same("header", headers["x-grpc-test-echo-initial"], metadata["x-grpc-test-echo-initial"]);
  same("trailer", trailers["x-grpc-test-echo-trailing-bin"], metadata["x-grpc-test-echo-trailing-bin"]);
}

async function unimplemented(call, method) {
  const { code, messages } = await call(method, {}, {});
  same("code", code, Code.UNIMPLEMENTED);
  same("messages", messages.length, 0);
}

/** name → (call, client) → nothing, or an Error */
export const cases = {
  async empty_unary(call) {
    const { code, messages } = await call(emptyCall, {}, {});
    same("code", code, Code.OK);
    same("messages", messages.length, 1);
  },

  async large_unary(call) {
    const end = await call(unaryCall, { responseSize: 314_159, payload: payload(271_828) }, {});
    same("code", end.code, Code.OK);
    same("sizes", sizes(end), [314_159]);
  },

  async very_large_message(call) {
    const end = await call(unaryCall, { responseSize: 4_000_000, payload: payload(4_000_000) }, {});
    same("code", end.code, Code.OK);
    same("sizes", sizes(end), [4_000_000]);
  },

  async server_streaming(call) {
    const end = await call(streamingOutputCall, stream(31_415, 9, 2_653, 58_979), {});
    same("code", end.code, Code.OK);
    same("sizes", sizes(end), [31_415, 9, 2_653, 58_979]);
  },

  async empty_stream(call) {
    const end = await call(streamingOutputCall, stream(), {});
    same("code", end.code, Code.OK);
    same("sizes", sizes(end), []);
  },

  /** Where the client lets its application take its time, the gateway waits. */
  async slow_reader_of_many(call) {
    const wanted = Array.from({ length: 1_000 }, (_, place) => 1_000 + place);
    let seen = 0;
    const onMessage = () => (++seen % 100 ? undefined : new Promise((done) => setTimeout(done, 10)));
    const end = await call(streamingOutputCall, stream(...wanted), { onMessage });
    same("code", end.code, Code.OK);
    same("sizes", sizes(end), wanted);
  },

  async custom_metadata(call) {
    await echo(call, unaryCall, { responseSize: 10 });
  },

  async custom_metadata_streaming(call) {
    await echo(call, streamingOutputCall, stream(10));
  },

  async status_code_and_message(call) {
    const { code, message, messages } = await call(unaryCall, failure(Code.UNKNOWN, "test status message"), {});
    same("status", [code, message], [Code.UNKNOWN, "test status message"]);
    same("messages", messages.length, 0);
  },

  async special_status_message(call) {
    const text = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    const { code, message } = await call(unaryCall, failure(Code.UNKNOWN, text), {});
    same("status", [code, message], [Code.UNKNOWN, text]);
  },

  /** google.rpc.Status in grpc-status-details-bin: the gateway adds what the service leaves out. */
  async error_details(call) {
    const { code, reason } = await call(unaryCall, failure(Code.INVALID_ARGUMENT, "no"), {});
    same("status", [code, reason], [Code.INVALID_ARGUMENT, "INVALID_ARGUMENT"]);
  },

  async unimplemented_method(call) {
    await unimplemented(call, unimplementedCall);
  },

  async unimplemented_service(call) {
    await unimplemented(call, UnimplementedService.method.unimplementedCall);
  },

  async error_after_messages(call) {
    const end = await call(streamingOutputCall, slow, { timeout: 500 });
    same("code", end.code, Code.DEADLINE_EXCEEDED);
    same("sizes", sizes(end), [10]);
  },

  async cancel_after_begin(call) {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const later = { responseParameters: [{ size: 10, intervalUs: LONG }] };
    const { code, messages } = await call(streamingOutputCall, later, { signal: abort.signal });
    same("code", code, Code.CANCELLED);
    same("messages", messages.length, 0);
  },

  async cancel_after_first_response(call, { whole }) {
    const abort = new AbortController();
    const options = { signal: abort.signal, onMessage: () => abort.abort() };
    const { code, messages } = await call(streamingOutputCall, whole ? stream(10, 10) : slow, options);
    same("code", code, Code.CANCELLED);
    same("first", messages[0].payload.body.length, 10);
  },
};
