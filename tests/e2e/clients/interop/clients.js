// The official browser clients, each behind the same face: a call that never fails but tells how it ended. Nothing of Node in
// here: this runs in a browser as well.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import * as grpcWeb from "grpc-web";
import { ErrorInfoSchema } from "../generated/google/rpc/error_details_pb.js";
import { StatusSchema } from "../generated/google/rpc/status_pb.js";

const { GrpcWebClientBase, MethodDescriptor, MethodType } = grpcWeb.default ?? grpcWeb;
const CANCELLED = 1;

/** Google's grpc-web, with method descriptors over the messages of protoc-gen-es. */
const google = (format) => (url) => (method, input, options) =>
  new Promise((resolve) => {
    const isUnary = method.methodKind === "unary";
    const path = `${url}/${method.parent.typeName}/${method.name}`;
    const descriptor = new MethodDescriptor(
      path,
      isUnary ? MethodType.UNARY : MethodType.SERVER_STREAMING,
      Object,
      Object,
      (message) => toBinary(method.input, message),
      (bytes) => fromBinary(method.output, bytes),
    );
    const metadata = { ...options.metadata };
    if (options.timeout) metadata.deadline = String(Date.now() + options.timeout);
    const request = create(method.input, input);
    const end = { code: 0, message: "", reason: undefined, messages: [], headers: {}, trailers: {} };
    const take = (message) => {
      end.messages.push(message);
      options.onMessage?.(message);
    };
    const fail = (error) => resolve({ ...end, ...ofGoogle(error), trailers: error.metadata ?? {} });
    const client = new GrpcWebClientBase({ format });
    const open = isUnary
      ? client.rpcCall(path, request, metadata, descriptor, (error, message) => {
          if (error) return fail(error);
          take(message);
          resolve(end);
        })
      : client.serverStreaming(path, request, metadata, descriptor);
    open.on("metadata", (headers) => (end.headers = headers));
    open.on("status", (status) => (end.trailers = status.metadata ?? {}));
    if (!isUnary) {
      open.on("data", take);
      open.on("error", fail);
      open.on("end", () => resolve(end));
    }
    options.signal?.addEventListener("abort", () => {
      open.cancel();
      resolve({ ...end, code: CANCELLED });
    });
  });

function ofGoogle({ code, message, metadata }) {
  const status = fromBinary(StatusSchema, base64Decode(metadata?.["grpc-status-details-bin"] ?? ""));
  const info = status.details.find((any) => any.typeUrl.endsWith(`/${ErrorInfoSchema.typeName}`));
  return { code, message, reason: info && fromBinary(ErrorInfoSchema, info.value).reason };
}

/** connect-web over one of its transports. */
const connect = (createTransport) => (url) => async (method, input, options) => {
  const end = { code: 0, message: "", reason: undefined, messages: [], headers: {}, trailers: {} };
  const client = createClient(method.parent, createTransport({ baseUrl: url }));
  const call = {
    headers: options.metadata,
    timeoutMs: options.timeout,
    signal: options.signal,
    onHeader: (headers) => (end.headers = Object.fromEntries(headers)),
    onTrailer: (trailers) => (end.trailers = Object.fromEntries(trailers)),
  };
  const take = (message) => {
    end.messages.push(message);
    return options.onMessage?.(message);
  };
  try {
    if (method.methodKind === "unary") {
      await take(await client[method.localName](input, call));
    } else {
      for await (const message of client[method.localName](input, call)) await take(message);
    }
    return end;
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const [info] = error.findDetails(ErrorInfoSchema);
    return { ...end, code: error.code, message: error.rawMessage, reason: info?.reason };
  }
};

/** name → url → (method, input, options) → how it ended. `whole` clients see a stream when all of it is there. */
export const clients = {
  "grpc-web text": { open: google("text"), whole: false },
  "grpc-web binary": { open: google("binary"), whole: true },
  "connect-web": { open: connect(createGrpcWebTransport), whole: false },
};
