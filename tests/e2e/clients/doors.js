// The official clients, each behind the same face: a service's methods by name, plain objects in, messages out, and one kind
// of error. What they send is theirs; nothing here touches it.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import grpcWeb from "grpc-web";
import { BadRequestSchema, ErrorInfoSchema } from "./generated/google/rpc/error_details_pb.js";
import { StatusSchema } from "./generated/google/rpc/status_pb.js";
import { XMLHttpRequest } from "./xhr.js";

// grpc-web is made for browsers.
globalThis.XMLHttpRequest = XMLHttpRequest;

/** An error as every client gives it to its application. */
export class Failure extends Error {
  constructor(code, message, reason, fields) {
    super(message);
    Object.assign(this, { code, reason, fields });
  }
}

/** Google's grpc-web, with method descriptors over the messages of protoc-gen-es. */
function google(format) {
  return (url, token) => (service) => {
    const client = new grpcWeb.GrpcWebClientBase({ format });
    const metadata = token ? { authorization: `Bearer ${token}` } : {};
    return methods(service, async (method, input) => {
      const path = `${url}/${service.typeName}/${method.name}`;
      const request = create(method.input, input);
      try {
        return await client.unaryCall(path, request, metadata, descriptor(method, path));
      } catch (error) {
        throw ofGoogle(error);
      }
    });
  };
}

function descriptor(method, path, type = grpcWeb.MethodType.UNARY) {
  return new grpcWeb.MethodDescriptor(
    path,
    type,
    Object,
    Object,
    (message) => toBinary(method.input, message),
    (bytes) => fromBinary(method.output, bytes),
  );
}

function ofGoogle(error) {
  const details = error.metadata?.["grpc-status-details-bin"];
  const status = fromBinary(StatusSchema, Buffer.from(details ?? "", "base64"));
  const find = (schema) => {
    const any = status.details.find((detail) => detail.typeUrl.endsWith(`/${schema.typeName}`));
    return any && fromBinary(schema, any.value);
  };
  return failure(error.code, error.message, find(ErrorInfoSchema), find(BadRequestSchema));
}

function transport(url, token) {
  const authorize = (next) => (request) => {
    if (token) request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  return createGrpcWebTransport({ baseUrl: url, interceptors: [authorize] });
}

/** connect-web over its gRPC-Web transport. */
function connect(url, token) {
  return (service) => {
    const client = createClient(service, transport(url, token));
    return methods(service, async (method, input) => {
      try {
        return await client[method.localName](input);
      } catch (error) {
        throw ofConnect(ConnectError.from(error));
      }
    });
  };
}

function ofConnect(error) {
  const [info] = error.findDetails(ErrorInfoSchema);
  const [bad] = error.findDetails(BadRequestSchema);
  return failure(error.code, error.rawMessage, info, bad);
}

function failure(code, message, info, bad) {
  return new Failure(code, message, info?.reason, bad?.fieldViolations.map((each) => each.field));
}

function methods(service, call) {
  return Object.fromEntries(
    service.methods.map((method) => [method.localName, (input) => call(method, input)]),
  );
}

/** The streams of grpc-web, when all of it is there. */
function googleStreams(url, token) {
  return (service) => {
    const client = new grpcWeb.GrpcWebClientBase({ format: "text" });
    return methods(service, async function* (method, input) {
      const path = `${url}/${service.typeName}/${method.name}`;
      const metadata = { authorization: `Bearer ${token}` };
      const stream = client.serverStreaming(
        path,
        create(method.input, input),
        metadata,
        descriptor(method, path, grpcWeb.MethodType.SERVER_STREAMING),
      );
      yield* await new Promise((resolve, reject) => {
        const all = [];
        stream.on("data", (message) => all.push(message));
        stream.on("error", (error) => reject(ofGoogle(error)));
        stream.on("end", () => resolve(all));
      });
    });
  };
}

/** The streams of connect-web, message by message. */
function connectStreams(url, token) {
  return (service) => {
    const client = createClient(service, transport(url, token));
    return methods(service, async function* (method, input) {
      try {
        yield* client[method.localName](input);
      } catch (error) {
        throw ofConnect(ConnectError.from(error));
      }
    });
  };
}

/** name → (url, token) → service → methods that answer streams */
export const streams = {
  "grpc-web, text": googleStreams,
  "connect-web, gRPC-Web transport": connectStreams,
};

/** name → (url, token) → service → methods */
export const doors = {
  "grpc-web, binary": google("binary"),
  "grpc-web, text": google("text"),
  "connect-web, gRPC-Web transport": connect,
};

export { Code };
