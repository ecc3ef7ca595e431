// What the server tells while a page is open. A browser has no more than six connections to a server over HTTP/1.1, and
// each page that held one of its own would leave the seventh waiting for ever: all pages listen through one.

const viewer = document.body.dataset.viewer;
const PAUSE = 5000; // ms, as in stream-worker.js

// Calls `told(kind, event)` with kind hello (connected, and nothing is missing), change, emergency or error, from what
// comes after the event `after` on; null begins now. Returns what connects anew at once.
export function listen(after, told) {
  let last = after;
  const hear = ({ kind, id, data }) => {
    if (kind === "hello" && data && JSON.parse(data).again) last = id; // the store is older than this page: an earlier copy
    if (kind !== "error") {
      if (kind !== "hello" && last !== null && id <= last) return; // the page was made with it
      last = Math.max(id, last ?? 0); // other pages may not have heard yet what this one was made with
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
