// Shared worker: one connection to the server's event stream for all open pages of a browser; see stream.js.

const KINDS = ["hello", "change", "emergency"];
const KEPT = 500; // buffered events, replayed to pages rendered before them
const PAUSE = 5000; // ms; EventSource reconnects by itself after a lost connection, but not after a 503 or the like
const pages = new Set();
let source = null;
let viewer = null; // user whose login opened the connection
let since = null; // id after which all events are buffered
let last = null;
let kept = [];
let planned = 0;

function connect(after) {
  source?.close();
  clearTimeout(planned);
  const query = after === null ? "" : `?after=${after}`;
  [since, last, kept] = [after, after, []];
  source = new EventSource(`/v1/events${query}`); // reconnects with Last-Event-ID
  for (const kind of KINDS) source.addEventListener(kind, (event) => heard({ kind, id: Number(event.lastEventId), data: event.data }));
  source.addEventListener("error", failed);
}

function failed() {
  tellAll({ kind: "error" });
  if (source.readyState === EventSource.CLOSED) planned = setTimeout(() => { if (pages.size) connect(last); }, PAUSE);
}

function heard(event) {
  last = event.id;
  since ??= event.id;
  if (event.kind === "hello" && JSON.parse(event.data).again) [since, kept] = [event.id, []];
  if (event.kind !== "hello" && kept.push(event) > KEPT) since = kept.shift().id;
  tellAll(event);
}

function tellAll(event) {
  for (const page of pages) page.postMessage(event);
}

function join(page, asked) {
  pages.add(page);
  const gone = !source || source.readyState === EventSource.CLOSED; // for example after an expired login
  if (gone || asked.viewer !== viewer || (asked.after !== null && since !== null && asked.after < since)) {
    viewer = asked.viewer;
    connect(asked.after);
  } else {
    if (asked.after !== null) kept.filter(({ id }) => id > asked.after).forEach((event) => page.postMessage(event));
    if (source.readyState === EventSource.OPEN && last !== null) page.postMessage({ kind: "hello", id: last });
  }
}

addEventListener("connect", ({ ports: [page] }) => {
  page.onmessage = ({ data: asked }) => {
    if (asked.does === "leaves") pages.delete(page);
    else if (asked.does === "again") connect(last);
    else join(page, asked);
  };
});
