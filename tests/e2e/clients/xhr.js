// What grpc-web needs of a browser's XMLHttpRequest, over fetch: the text of a response comes piece by piece, bytes come when all
// of them are there.
export class XMLHttpRequest {
  readyState = 0;
  status = 0;
  statusText = "";
  responseType = "";
  responseText = "";
  response = null;
  onreadystatechange = null;

  #headers = {};
  #answered = new Headers();
  #abort = new AbortController();
  #request;

  open(method, url) {
    this.#request = { method, url };
    this.#become(1);
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getResponseHeader(name) {
    return this.#answered.get(name);
  }

  getAllResponseHeaders() {
    return [...this.#answered].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }

  send(body) {
    const { method, url } = this.#request;
    const request = { method, headers: this.#headers, body, signal: this.#abort.signal };
    fetch(url, request)
      .then((response) => this.#read(response))
      .catch(() => this.#fail());
  }

  abort() {
    this.#abort.abort();
  }

  async #read(response) {
    this.status = response.status;
    this.statusText = response.statusText;
    this.#answered = response.headers;
    this.#become(2);
    if (this.responseType === "arraybuffer") {
      this.response = await response.arrayBuffer();
    } else {
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        this.responseText += text;
        this.response = this.responseText;
        this.#become(3);
      }
    }
    this.#become(4);
  }

  #fail() {
    this.status = 0;
    if (!this.#abort.signal.aborted) this.#become(4);
  }

  #become(state) {
    this.readyState = state;
    this.onreadystatechange?.();
  }
}
