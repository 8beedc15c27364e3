// Uploads a file by tus-js-client, through whatever happens on the way, and prints the upload's address.
import { createReadStream } from "node:fs";
import { Upload } from "tus-js-client";

const [, , endpoint, path] = process.argv;
const upload = new Upload(createReadStream(path), {
  endpoint,
  headers: { Authorization: `Bearer ${process.env.AGENTSERVER_TOKEN}` },
  metadata: { filename: "large.bin", filetype: "application/x-large", purpose: "document" },
  retryDelays: [100, 500, 1000, 3000, 5000],
  onError(error) {
    console.error(String(error));
    process.exitCode = 1;
  },
  onSuccess() {
    console.log(upload.url);
  },
});
upload.start();
