// For pages without the queue: announces emergencies, prevents double submits, and restores unsent input.

import { announce } from "./emergency.js";
import "./once.js";
import { begin } from "./sound.js";
import { listen } from "./stream.js";
import "./unsent.js";

begin();
listen(null, (kind, event) => {
  if (kind === "hello") document.documentElement.dataset.ready = "1";
  if (kind === "emergency") announce(event.complaint, () => location.assign(`/aduan/${event.complaint}`));
});
