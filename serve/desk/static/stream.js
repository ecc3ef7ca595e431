// Client of the server's event stream. Browsers allow six connections per server over HTTP/1.1, so with one stream per
// page the seventh page would never load: all pages share one connection through a shared worker.

const viewer = document.body.dataset.viewer;
const PAUSE = 5000; // ms, as in stream-worker.js

// Calls `told(kind, event)` for events after id `after` (null: from now), with kind hello (connected and up to date),
// change, emergency or error. Returns a function that reconnects at once.
export function listen(after, told) {
  let last = after;
  const hear = ({ kind, id, data }) => {
    if (kind === "hello" && data && JSON.parse(data).again) last = id; // the store was restored from a backup
    if (kind !== "error") {
      if (kind !== "hello" && last !== null && id <= last) return; // already in the page
      last = Math.max(id, last ?? 0); // the shared connection may lag behind what this page was rendered with
    }
    told(kind, data ? JSON.parse(data) : null);
  };
  return window.SharedWorker ? together(after, hear) : alone(() => last, hear);
}

function together(after, hear) {
  const { port } = new SharedWorker("/static/stream-worker.js", { name: "disposisi" });
  port.onmessage = ({ data }) => hear(data);
  const join = () => port.postMessage({ does: "joins", after, viewer });
  join();
  addEventListener("pagehide", () => port.postMessage({ does: "leaves" }));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) join(); });
  return () => port.postMessage({ does: "again" });
}

function alone(last, hear) {
  let source = null;
  let planned = 0;
  const connect = () => {
    source?.close();
    clearTimeout(planned);
    source = new EventSource(last() === null ? "/v1/events" : `/v1/events?after=${last()}`);
    for (const kind of ["hello", "change", "emergency"]) {
      source.addEventListener(kind, (event) => hear({ kind, id: Number(event.lastEventId), data: event.data }));
    }
    source.addEventListener("error", () => {
      hear({ kind: "error" });
      if (source.readyState === EventSource.CLOSED) planned = setTimeout(connect, PAUSE);
    });
  };
  connect();
  return connect;
}
